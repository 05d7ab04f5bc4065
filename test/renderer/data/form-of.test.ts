import { expect, test } from 'vitest'
import type { FieldExpression } from '../../../main/contract/index.ts'
import { fieldKey, fieldsAbove, usesOfField } from '../../../renderer/panels/data/derive/field-uses.ts'
import { expressionOf } from '../../../renderer/panels/data/derive/field-forms.ts'
import { formOf, sameField } from '../../../renderer/panels/data/derive/form-of.ts'
import { Workspace } from '../../../main/contract/index.ts'

test('every field a form can make is opened again as it was', () => {
  const all: FieldExpression[] = [
    { index: 'EVI', bands: { nir: 's2.nir', red: 's2.red', blue: 's2.blue' } },
    { mask: 'ndvi', by: 'scl', keep: { values: [4, 5, 6] } },
    { mask: 'ndvi', by: 'qa', keep: { bitsClear: [10, 11] } },
    { mask: 'ndvi', by: 'ndvi', keep: { min: -0.2 } },
    { fillInTime: 'ndvi', maxAgeDays: 16 },
    { antecedent: 'rain', days: 7, statistic: 'sum' },
    { antecedent: { weather: 'stations', variable: 'P' }, days: 3, statistic: 'mean', includeToday: true },
    { terrain: 'northness', elevation: 'dem' },
    { kriged: 'wells', variable: 'level' },
    {
      kriged: 'probes',
      variable: 'vwc',
      depth: [0.05, 0.05],
      variogram: [{ shape: 'sph', partialSill: 0.01, range: 900 }],
      drift: { drift: 'dem' },
      output: 'variance',
      crs: 'EPSG:28992',
    },
    { kriged: 'wells', variable: 'level', variogram: 'perDay', output: 'prediction' },
    { formula: '(a - b) / (a + b)', inputs: { a: 's2.nir', b: 's2.red' }, unit: '1' },
  ]
  for (const expression of all) {
    const form = formOf('f', expression)
    expect(form, JSON.stringify(expression)).not.toBeNull()
    const again = expressionOf(form!, 'EPSG:32631')!
    const { crs: _own, ...bare } = again as { crs?: string }
    expect(sameField(again, expression) || sameField(bare as FieldExpression, expression)).toBe(true)
  }
})

test('what a form cannot show is not opened, so that nothing of it is lost', () => {
  const all: FieldExpression[] = [
    'ndvi',
    { fillInTime: { mask: 'ndvi', by: 'scl', keep: { values: [4] } }, maxAgeDays: 8 },
    { mask: 'ndvi', by: 'scl', keep: { values: [4], min: 0 } },
    { formula: 'a + b', inputs: { a: 's2.nir', b: { constant: 1 } }, unit: '1' },
    { formula: 'a', inputs: { a: 's2.nir' }, unit: '1', kind: 'categorical' },
    { kriged: 'wells', variable: 'level', neighbours: 12 },
    { kriged: 'wells', variable: 'level', drift: { dem: 'dem' } },
    { calendar: 'month' },
  ]
  for (const expression of all) expect(formOf('f', expression), JSON.stringify(expression)).toBeNull()
})

test('uses of a field are found through others, and a change below shows above', () => {
  const fields: Record<string, FieldExpression> = {
    a: { fillInTime: 'ndvi', maxAgeDays: 8 },
    b: { antecedent: 'a', days: 7, statistic: 'mean' },
    c: { terrain: 'slope', elevation: 'dem' },
  }
  expect([...fieldsAbove('a', fields)]).toEqual(['b'])
  const document = Workspace.parse({
    recipe: { fields, predictors: { p: 'b', q: 'c' }, target: { raster: 'a' } } as never,
    layers: [{ id: 'l', name: 'Filled', source: { of: 'field', expression: fields.b, fields, name: 'b' } }],
  })
  expect(usesOfField('a', document)).toEqual([
    { kind: 'predictor', name: 'p' },
    { kind: 'field', name: 'b' },
    { kind: 'recipe', name: 'target' },
    { kind: 'layer', name: 'Filled' },
  ])
  const changed = { ...fields, a: { fillInTime: 'ndvi', maxAgeDays: 16 } }
  expect(fieldKey('b', changed)).not.toBe(fieldKey('b', fields))
  expect(fieldKey('c', changed)).toBe(fieldKey('c', fields))
  expect(fieldKey('x', fields)).toBeNull()
})
