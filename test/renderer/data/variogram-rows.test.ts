import { expect, test } from 'vitest'
import { FieldExpression } from '../../../main/contract/index.ts'
import { emptyForm, expressionOf } from '../../../renderer/panels/data/derive/field-forms.ts'
import { numbersOf, rowsOf } from '../../../renderer/panels/data/derive/variogram-rows.ts'

test('a nugget and one structure are numbers to change, and rows of an expression again', () => {
  for (const shape of ['sph', 'exp', 'mat', 'gau'] as const) {
    const numbers = { nugget: 0.001, shape, partialSill: 0.004, range: 9000 }
    expect(numbersOf(rowsOf(numbers))).toEqual(numbers)
  }
  expect(numbersOf([{ shape: 'sph', partialSill: 1, range: 5 }])).toMatchObject({ nugget: 0 })
})

test('models that these numbers cannot tell are left alone', () => {
  const sph = { shape: 'sph', partialSill: 1, range: 5 } as const
  expect(numbersOf([sph, { ...sph, range: 50 }])).toBeNull()
  expect(numbersOf([{ ...sph, ratio: 0.5, angle: 30 }])).toBeNull()
  expect(numbersOf([{ ...sph, shape: 'mat', smoothness: 0.7 }])).toBeNull()
  expect(numbersOf([{ shape: 'nug', partialSill: 1 }])).toBeNull()
})

test('typed numbers stand in the expression in place of the fit', () => {
  const model = rowsOf({ nugget: 0, shape: 'mat', partialSill: 0.004, range: 9000 })
  const form = { ...emptyForm, kind: 'kriged' as const, set: 'wells', quantity: 'level', model }
  const expression = expressionOf(form, () => 'EPSG:32632')
  expect(FieldExpression.parse(expression)).toMatchObject({ variogram: model, crs: 'EPSG:32632' })
  expect(expressionOf({ ...form, model: null })).not.toHaveProperty('crs')
})
