import { expect, test } from 'vitest'
import type { FieldExpression } from '../../../main/contract/index.ts'
import { fieldKey, fieldsAbove, usesOfField } from '../../../renderer/panels/data/derive/field-uses.ts'
import {
  expressionOfStep,
  insertAfter,
  insertBefore,
  mainName,
  rowsOf,
  stepInput,
  stepWords,
  stepsOf,
  stepsTakenOut,
  takeOut,
} from '../../../renderer/panels/data/derive/field-steps.ts'
import type { FieldSteps } from '../../../renderer/panels/data/derive/field-steps.ts'
import { sameField } from '../../../renderer/panels/data/derive/form-of.ts'
import { readWritten, writeExpression } from '../../../renderer/panels/data/derive/written-expression.ts'
import { Workspace } from '../../../main/contract/index.ts'

const open = (expression: FieldExpression) => {
  const steps = stepsOf(expression)
  return { steps, again: expressionOfStep(steps, steps.root, () => 'EPSG:32631')! }
}
const kindsOf = (steps: FieldSteps) => rowsOf(steps).map(({ id }) => steps.forms[id].kind)

test('every field a form can make is opened again as it was', () => {
  const all: FieldExpression[] = [
    { index: 'EVI', bands: { nir: 's2.nir', red: 's2.red', blue: 's2.blue' } },
    { mask: 'ndvi', by: 'scl', keep: { values: [4, 5, 6] } },
    { mask: 'ndvi', by: 'qa', keep: { bitsClear: [10, 11] } },
    { mask: 'ndvi', by: 'ndvi', keep: { min: -0.2 } },
    { fillInTime: 'ndvi', maxAgeDays: 16 },
    { isFilled: 'ndvi', maxAgeDays: 16 },
    { antecedent: 'rain', days: 7, statistic: 'sum' },
    { antecedent: { weather: 'stations', variable: 'P' }, days: 3, statistic: 'mean', includeToday: true },
    { terrain: 'northness', elevation: 'dem' },
    { kriged: 'wells', variable: 'level' },
    {
      kriged: 'probes',
      variable: 'vwc',
      depth: [0.05, 0.05],
      variogram: [{ shape: 'sph', partialSill: 0.01, range: 900 }],
      drift: { height: 'dem' },
      output: 'variance',
      crs: 'EPSG:28992',
    },
    { kriged: 'wells', variable: 'level', variogram: 'perDay', output: 'prediction' },
    { kriged: 'probes', variable: 'vwc', residualsOf: 'forest.sm' },
    { fromStations: 'probes', variable: 'vwc', depth: [0, 0.1], power: 1.5 },
    { formula: '(a - b) / (a + b)', inputs: { a: 's2.nir', b: 's2.red' }, unit: '1' },
    { calendar: 'month' },
    { coordinate: 'y' },
    { constant: 3, unit: 'mm' },
    4,
  ]
  for (const expression of all) {
    const { steps, again } = open(expression)
    expect(kindsOf(steps), JSON.stringify(expression)).toHaveLength(1)
    expect(kindsOf(steps)[0]).not.toBe('written')
    // A kriged field without a CRS is given the map's where its stations are in degrees.
    const bare = typeof again === 'object' && 'kriged' in again && !('crs' in (expression as object))
    const { crs: _suggested, ...rest } = again as { crs?: string }
    expect(sameField(bare ? (rest as FieldExpression) : again, expression)).toBe(true)
  }
})

test('expressions inside others are steps of their own, innermost first', () => {
  const expression: FieldExpression = {
    antecedent: {
      fillInTime: {
        mask: { index: 'NDVI', bands: { nir: 's2.nir', red: 's2.red' } },
        by: 'scl',
        keep: { values: [4] },
      },
      maxAgeDays: 8,
    },
    days: 7,
    statistic: 'mean',
  }
  const { steps, again } = open(expression)
  expect(kindsOf(steps)).toEqual(['index', 'mask', 'fill', 'antecedent'])
  expect(rowsOf(steps).map(({ depth }) => depth)).toEqual([3, 2, 1, 0])
  expect(rowsOf(steps).map(({ id }) => stepWords(steps, id))).toEqual([
    'NDVI: s2.nir, s2.red',
    'Mask: step 1, scl',
    'Fill gaps in time: step 2',
    'Days before: step 3',
  ])
  expect(sameField(again, expression)).toBe(true)
  expect(mainName(steps, steps.root)).toBe('s2.nir')
})

test('what no form can show is a step as text, in its place', () => {
  const all: [FieldExpression, string[]][] = [
    ['ndvi', ['written']],
    [{ mask: 'ndvi', by: 'scl', keep: { values: [4], min: 0 } }, ['written']],
    [{ formula: 'a', inputs: { a: 's2.nir' }, unit: '1', kind: 'categorical' }, ['written']],
    [{ kriged: 'wells', variable: 'level', neighbours: 12 }, ['written']],
    [{ kriged: 'wells', variable: 'level', drift: { dem: 'dem', east: { coordinate: 'x' } } }, ['written']],
    [{ fillInTime: { series: 'ndvi', minValidFraction: 0.2 }, maxAgeDays: 8 }, ['written', 'fill']],
    [
      {
        formula: 'a + b * c',
        inputs: { a: 's2.nir', b: { constant: 1 }, c: { weather: 'w', variable: 'P', station: '3' } },
        unit: '1',
      },
      ['constant', 'written', 'formula'],
    ],
    [
      {
        kriged: 'w',
        variable: 'v',
        residualsOf: { fillInTime: 'm', maxAgeDays: 3 },
        drift: { drift: { coordinate: 'x' } },
      },
      ['fill', 'coordinate', 'kriged'],
    ],
  ]
  for (const [expression, kinds] of all) {
    const { steps } = open(expression)
    expect(kindsOf(steps), JSON.stringify(expression)).toEqual(kinds)
    expect(sameField(expressionOfStep(steps, steps.root)!, expression)).toBe(true)
  }
})

test('steps are put in and taken out, and nothing that was filled in is lost', () => {
  const start = stepsOf({ antecedent: { fillInTime: 'ndvi', maxAgeDays: 16 }, days: 7, statistic: 'mean' })
  const [fill] = rowsOf(start)
  const without = takeOut(start, fill.id)!
  expect(expressionOfStep(without, without.root)).toMatchObject({ antecedent: 'ndvi' })
  // It waits among what was taken out, and can be the input again.
  expect(stepsTakenOut(without, without.root)).toEqual([fill.id])
  const back = {
    ...without,
    forms: { ...without.forms, [without.root]: { ...without.forms[without.root], input: stepInput(fill.id) } },
  }
  expect(expressionOfStep(back, back.root)).toEqual(expressionOfStep(start, start.root))
  expect(stepsTakenOut(back, fill.id)).toEqual([])

  const { steps: longer, added } = insertBefore(start, fill.id, 'input')
  expect(kindsOf(longer)).toEqual(['fill', 'fill', 'antecedent'])
  const masked = { ...longer.forms[added], kind: 'mask' as const, by: 'scl', values: '4' }
  const whole = { ...longer, forms: { ...longer.forms, [added]: masked } }
  expect(expressionOfStep(whole, whole.root)).toMatchObject({
    antecedent: { fillInTime: { mask: 'ndvi', by: 'scl', keep: { values: [4] } }, maxAgeDays: 16 },
  })

  const { steps: wrapped, added: outer } = insertAfter(start, start.root)
  expect([wrapped.root, kindsOf(wrapped)]).toEqual([outer, ['fill', 'antecedent', 'fill']])
  expect(takeOut(wrapped, outer)!.root).toBe(start.root)
  const { steps: between } = insertAfter(start, fill.id)
  expect(kindsOf(between)).toEqual(['fill', 'fill', 'antecedent'])
  // The only step is made of a name alone: without it there would be no field.
  expect(takeOut(stepsOf({ fillInTime: 'ndvi', maxAgeDays: 3 }), 's1')).toBeNull()
  // Of an input the main one stands in the place of what is taken out; a step that is not complete says so by having no expression.
  expect(expressionOfStep(takeOut(stepsOf({ terrain: 'slope', elevation: { constant: 3 } }), 's2')!, 's1')).toBeNull()
})

test('a written expression is laid out to be read, and its faults are told at their line', () => {
  const expression: FieldExpression = {
    kriged: 'wells',
    variable: 'level',
    drift: { height: 'dem', east: { coordinate: 'x' } },
    neighbours: 12,
  }
  const text = writeExpression(expression)
  expect(text).toBe(
    [
      '{',
      '  "kriged": "wells",',
      '  "variable": "level",',
      '  "drift": { "height": "dem", "east": { "coordinate": "x" } },',
      '  "neighbours": 12',
      '}',
    ].join('\n'),
  )
  expect(readWritten(text)).toEqual({ expression, faults: [] })
  const wrong = text.replace('"x"', '"z"').replace('12', '0')
  expect(readWritten(wrong).faults.map(({ line, path }) => [line, path])).toEqual([
    [4, 'drift.east.coordinate'],
    [5, 'neighbours'],
  ])
  expect(readWritten('{ "mask": "a",').faults).toMatchObject([
    { line: null, message: expect.stringMatching(/^is no JSON yet/) },
  ])
  // A key that is missing is told at what lacks it.
  expect(readWritten('{\n"fillInTime":\n{ "mask": "a", "by": "b" },\n"maxAgeDays": 3 }').faults).toMatchObject([
    { line: 3, path: 'fillInTime.keep' },
  ])
  expect(readWritten('').faults).toEqual([])
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
