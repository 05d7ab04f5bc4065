import { renameSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LoamError, reasonCodes, wholeGrid } from '../../../main/contract/index.ts'
import type { FieldExpression } from '../../../main/contract/index.ts'
import { compileField, describeFields, predictorChecks, stackReader } from '../../../main/engine/fields/index.ts'
import { dailyTable, day, part, TinyProject, utmGrid } from './tiny-project.ts'

const project = new TinyProject()
const grid = utmGrid(10, 4, 4)
const coarse = utmGrid(20, 2, 2)
const first = day('2018-07-01')
const third = day('2018-07-03')

const red = [0.05, 0.1, 0.15, 0.2, 0.05, 0.1, 0.15, 0.2, 0.05, 0.1, 0.15, 0.2, 0.05, 0.1, 0.15, Number.NaN]
const nir = red.map((value, i) => value * 2 + i / 50)
const scl = [4, 4, 8, 8, 4, 4, 8, 8, 5, 5, 5, 5, 5, 9, 5, 5]

beforeAll(async () => {
  await project.addRaster('s2', grid, {
    red: { days: { [third]: red.map((value) => value / 2), [first]: red } },
    nir: { days: { [first]: nir, [third]: nir } },
    scl: { days: { [first]: scl, [third]: scl } },
  })
  await project.addRaster('modis', coarse, { ndvi: { days: { [first]: [0.1, 0.2, 0.3, 0.4] } } })
  await project.addRaster('dem', grid, { elevation: { unit: 'm', days: { static: red.map((_, i) => i) } } })
  await project.addRaster('raw', grid, {
    red: { days: { static: nir.map((value) => Math.round((value || 0) * 10_000)) } },
  })
  project.addStations(
    dailyTable('farm', '', [['F1', null, null]], { [first]: [3], '2018-07-02': [Number.NaN], [third]: [0.5] }),
  )
})
afterAll(() => project.close())

const compile = (expression: FieldExpression, named: Record<string, FieldExpression> = {}) =>
  compileField('wet', expression, project.context(named))

function faultOf(expression: FieldExpression, named: Record<string, FieldExpression> = {}): LoamError {
  try {
    compile(expression, named)
  } catch (thrown) {
    return thrown as LoamError
  }
  throw new Error(`${JSON.stringify(expression)} was taken`)
}

describe('names', () => {
  test('a text is a named field, a dataset or a variable of one', async () => {
    const field = compile('vegetation', { vegetation: 's2.red' })
    expect(field.id).toBe(compile({ series: 's2', variable: 'red' }).id)
    expect(field.name).toBe('wet')
    expect(compile('dem').times).toBe('static')
    expect([...(await compile('dem').read(part(grid, 1, 1, 2, 2), first)).values]).toEqual([5, 6, 9, 10])
  })

  test('an unknown name is told with near ones', () => {
    expect(faultOf('s2.rde').message).toMatch(/"rde".*Did you mean "red"/)
    expect(faultOf('s3.red').code).toBe('unknown_name')
    expect(faultOf('dme').message).toMatch(/Did you mean "dem"/)
    expect(faultOf('s2').message).toMatch(/variables red, nir, scl.*"s2.red"/)
    expect(faultOf({ weather: 'farn', variable: 'rain' }).message).toMatch(/Did you mean "farm"/)
  })

  test('fields that need each other are told as a circle', () => {
    const fault = faultOf('a', {
      a: { mask: 'b', by: 's2.scl', keep: { min: 1 } },
      b: { fillInTime: 'a', maxAgeDays: 2 },
    })
    expect(fault.code).toBe('bad_recipe')
    expect(fault.details.cycle).toEqual(['a', 'b', 'a'])
    expect(fault.message).toContain('a → b → a')
  })

  test('names that multiply each other do not fill memory', () => {
    const named: Record<string, FieldExpression> = { n0: 1 }
    for (let i = 1; i < 40; i++)
      named[`n${i}`] = { formula: 'a + b', inputs: { a: `n${i - 1}`, b: `n${i - 1}` }, unit: '1' }
    expect(faultOf('n39', named).message).toMatch(/more than 2000 parts/)
  })

  test('a fault inside names its own place', () => {
    const fault = faultOf({
      index: 'NDVI',
      bands: { nir: 's2.nir', red: { mask: 's2.red', by: 'scl', keep: { min: 0 } } },
    })
    expect(fault.details.field).toBe('wet.bands.red.by')
  })
})

describe('series', () => {
  test('dates are sorted, and another date has no scene', async () => {
    const field = compile('s2.red')
    expect(field.times).toEqual([first, third])
    const block = await field.read(wholeGrid(grid), day('2018-07-02'))
    expect([...block.reasons]).toEqual(Array(16).fill(reasonCodes.no_scene))
    expect([...block.values].every(Number.isNaN)).toBe(true)
  })

  test('two rasters on one date are refused', () => {
    const dataset = project.datasets.get('modis')!
    const context = project.context(
      {},
      { datasets: new Map([['modis', { ...dataset, scenes: [dataset.scenes[0], dataset.scenes[0]] }]]) },
    )
    expect(() => compileField('m', 'modis', context)).toThrow(expect.objectContaining({ code: 'conflicting_dates' }))
  })

  test('to a coarser grid as the mean of valid cells, if enough of them', async () => {
    const block = await compile('s2.red').read(wholeGrid(coarse), first)
    const mean = (cells: number[]): number => cells.reduce((sum, i) => sum + red[i], 0) / cells.length
    const expected = [mean([0, 1, 4, 5]), mean([2, 3, 6, 7]), mean([8, 9, 12, 13]), mean([10, 11, 14])]
    block.values.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6))
    const strict = await compile({ series: 's2', variable: 'red', minValidFraction: 0.9 }).read(
      wholeGrid(coarse),
      first,
    )
    expect(strict.reasons[3]).toBe(reasonCodes.too_few_valid)
  })
})

describe('identity', () => {
  test('follows content, not names or places', async () => {
    const dataset = project.datasets.get('s2')!
    const id = compile('s2.red').id
    renameSync(dataset.files[0].path, `${dataset.files[0].path}.moved`)
    const files = dataset.files.map((file, i) => (i === 0 ? { ...file, path: `${file.path}.moved` } : file))
    const moved = new Map([['sentinel', { ...dataset, name: 'sentinel', files }]])
    const field = compileField('other', 'sentinel.red', project.context({}, { datasets: moved }))
    expect(field.id).toBe(id)
    renameSync(`${dataset.files[0].path}.moved`, dataset.files[0].path)
    const changed = files.map((file, i) => (i === 0 ? { ...file, sha256: 'f'.repeat(64) } : file))
    const again = new Map([['s2', { ...dataset, files: changed }]])
    expect(compileField('wet', 's2.red', project.context({}, { datasets: again })).id).not.toBe(id)
  })

  test('every choice that changes numbers changes it', () => {
    const expressions: FieldExpression[] = [
      's2.red',
      's2.nir',
      { series: 's2', variable: 'red', kind: 'decibel' },
      { series: 's2', variable: 'red', minValidFraction: 0.9 },
      { mask: 's2.red', by: 's2.scl', keep: { values: [4] } },
      { mask: 's2.red', by: 's2.scl', keep: { values: [5] } },
      { fillInTime: 's2.red', maxAgeDays: 8 },
      { fillInTime: 's2.red', maxAgeDays: 9 },
      { isFilled: 's2.red', maxAgeDays: 9 },
      { formula: 'a + 1', inputs: { a: 's2.red' }, unit: '1' },
      { formula: 'a + 2', inputs: { a: 's2.red' }, unit: '1' },
      { calendar: 'month' },
      { calendar: 'year' },
      1,
      2,
    ]
    expect(new Set(expressions.map((each) => compile(each).id)).size).toBe(expressions.length)
  })

  test('a date added elsewhere leaves the identity of a day as it was', () => {
    const dataset = project.datasets.get('s2')!
    const scenes = dataset.scenes.filter((scene) => scene.day !== third)
    const before = project.context({}, { datasets: new Map([['s2', { ...dataset, scenes }]]) })
    const twice = (expression: FieldExpression) => [compileField('f', expression, before), compile(expression)]
    const [short, long] = twice('s2.red')
    expect(short.id).not.toBe(long.id)
    expect(short.idOn(first)).toBe(long.idOn(first))
    expect(short.idOn(third)).not.toBe(long.idOn(third))
    const [near, nearLonger] = twice({ fillInTime: 's2.red', maxAgeDays: 1 })
    expect(near.idOn(first)).toBe(nearLonger.idOn(first))
    const [far, farLonger] = twice({ fillInTime: 's2.red', maxAgeDays: 2 })
    expect(far.idOn(first)).not.toBe(farLonger.idOn(first))
  })

  test('two predictors on one source are refused, both named', () => {
    const context = project.context()
    const fields = [compileField('lstDay', 's2.red', context), compileField('lstNight', 's2.red', context)]
    expect(() => predictorChecks(fields)).toThrow(/"lstDay" and "lstNight" are the same/)
    const aspect = compileField('aspect', { terrain: 'aspect', elevation: 'dem' }, context)
    expect(predictorChecks([fields[0], aspect])).toEqual([expect.stringMatching(/"aspect" is an angle/)])
  })
})

describe('masks', () => {
  test('work on native cells before any averaging', async () => {
    const field = compile({ mask: 's2.red', by: 's2.scl', keep: { values: [4, 5] } })
    const native = await field.read(wholeGrid(grid), first)
    for (let i = 0; i < 16; i++) {
      const reason = Number.isNaN(red[i]) ? 'no_data' : scl[i] === 8 || scl[i] === 9 ? 'masked' : 'none'
      expect(native.reasons[i]).toBe(reasonCodes[reason])
      expect(native.values[i]).toBe(reason === 'none' ? Math.fround(red[i]) : Number.NaN)
    }
    const block = await field.read(wholeGrid(coarse), first)
    expect(block.values[2]).toBeCloseTo((red[8] + red[9] + red[12]) / 3, 6)
    expect(block.reasons[1]).not.toBe(0)
  })

  test('bit flags, and a flag layer on a coarser grid is not averaged', async () => {
    await project.addRaster('qa', coarse, { flags: { days: { static: [0b0000, 0b0001, 0b1000, 0b1001] } } })
    const read = async (keep: { bitsClear?: number[]; bitsSet?: number[] }) =>
      (await compile({ mask: 'dem', by: 'qa', keep }).read(wholeGrid(grid), first)).reasons
    const cells = (quarters: number[]): number[] =>
      Array.from(
        { length: 16 },
        (_, i) => quarters[Math.floor(i / 8) * 2 + (Math.floor(i / 2) % 2)] * reasonCodes.masked,
      )
    expect([...(await read({ bitsClear: [0] }))]).toEqual(cells([0, 1, 0, 1]))
    expect([...(await read({ bitsSet: [3] }))]).toEqual(cells([1, 1, 0, 0]))
    expect([...(await read({ bitsClear: [0], bitsSet: [3] }))]).toEqual(cells([1, 1, 0, 1]))
  })
})

describe('indices', () => {
  test('are computed on native cells, then averaged', async () => {
    const field = compile({ index: 'NDVI', bands: { nir: 's2.nir', red: 's2.red' } })
    const ndvi = red.map((r, i) => (nir[i] - r) / (nir[i] + r))
    const native = await field.read(wholeGrid(grid), first)
    for (let i = 0; i < 15; i++) expect(native.values[i]).toBeCloseTo(ndvi[i], 5)
    expect(native.reasons[15]).toBe(reasonCodes.no_data)
    const block = await field.read(wholeGrid(coarse), first)
    expect(block.values[0]).toBeCloseTo((ndvi[0] + ndvi[1] + ndvi[4] + ndvi[5]) / 4, 5)
    expect(field.lineage).toBe('NDVI from nir, red of dataset s2 (10 m)')
  })

  test.each([
    ['EVI', { nir: 0.4, red: 0.1, blue: 0.05 }, (2.5 * 0.3) / (0.4 + 0.6 - 0.375 + 1), '1'],
    ['LAI', { nir: 0.4, red: 0.1, blue: 0.05 }, 3.618 * ((2.5 * 0.3) / 1.625) - 0.118, 'm2 m-2'],
    ['NDWI', { green: 0.1, nir: 0.3 }, -0.5, '1'],
    ['LSWI', { nir: 0.3, swir1: 0.1 }, 0.5, '1'],
    ['NSDSI', { swir1: 0.4, swir2: 0.1 }, 0.75, '1'],
  ] as const)('%s by hand', async (index, bands, expected, unit) => {
    const field = compile({ index, bands: { ...bands } })
    expect((await field.read(part(grid, 0, 0, 1, 1), first)).values[0]).toBeCloseTo(expected, 6)
    expect(field.unit).toBe(unit)
  })

  test('a missing band is told with all that are needed', () => {
    const fault = faultOf({ index: 'EVI', bands: { nir: 's2.nir', red: 's2.red', blu: 's2.red' } })
    expect(fault.message).toMatch(/lacks blue and does not know blu.*nir, red, blue.*"blu" may be meant as "blue"/)
  })

  test('unscaled numbers stop the work; a lone bad cell loses its value', async () => {
    const unscaled = compile({ index: 'NDVI', bands: { nir: 's2.nir', red: 'raw' } })
    await expect(unscaled.read(wholeGrid(grid), first)).rejects.toMatchObject({
      code: 'value_range',
      message: expect.stringMatching(/"red".*dataset raw.*from 0 to \d+.*scale/),
    })
    const glint = compile({
      index: 'NDVI',
      bands: { nir: { formula: 'where(i == 5, 1.7, 0.5)', inputs: { i: 'dem' }, unit: '1' }, red: 0.1 },
    })
    const block = await glint.read(wholeGrid(grid), first)
    expect([...block.reasons]).toEqual(red.map((_, i) => (i === 5 ? reasonCodes.out_of_range : 0)))
  })
})

describe('formulas of fields', () => {
  test('a window of many cells equals its pieces', async () => {
    const large = utmGrid(10, 700, 600)
    const values = Array.from({ length: 700 * 600 }, (_, i) => (i % 97 === 0 ? Number.NaN : i % 1000))
    await project.addRaster('large', large, { z: { unit: 'm', days: { static: values } } })
    const field = compile({
      formula: 'z + x',
      inputs: { z: 'large', x: { terrain: 'slope', elevation: 'large' } },
      unit: '1',
    })
    const whole = await field.read(wholeGrid(large), first)
    for (const [row, col] of [
      [0, 0],
      [430, 250],
      [690, 590],
    ]) {
      const piece = await field.read(part(large, row, col, 10, 10), first)
      for (let i = 0; i < 100; i++) {
        const cell = (row + Math.floor(i / 10)) * 600 + col + (i % 10)
        expect([piece.values[i], piece.reasons[i]]).toEqual([whole.values[cell], whole.reasons[cell]])
      }
    }
  })

  test('bring coarser inputs to the finest grid and miss what an input misses', async () => {
    const field = compile({
      formula: 'where(ndvi > 0.25, red / elevation, red)',
      inputs: { ndvi: { series: 'modis', kind: 'categorical' }, red: 's2.red', elevation: 'dem' },
      unit: 'm-1',
    })
    expect(field.nativeGrid).toEqual(grid)
    expect(field.times).toEqual([first])
    const block = await field.read(wholeGrid(grid), first)
    for (let i = 0; i < 15; i++) expect(block.values[i]).toBeCloseTo(i < 8 ? red[i] : red[i] / i, 6)
    expect(block.reasons[15]).toBe(reasonCodes.no_data)
  })

  test('a division by zero has no value and says so', async () => {
    const field = compile({ formula: '1 / z', inputs: { z: 'dem' }, unit: 'm-1' })
    const block = await field.read(wholeGrid(grid), first)
    expect(block.reasons[0]).toBe(reasonCodes.not_finite)
    expect(block.values[0]).toBeNaN()
    expect(block.values[4]).toBe(0.25)
  })

  test('inputs without a date in common are refused', async () => {
    await project.addRaster('late', grid, { x: { days: { '2019-01-01': red } } })
    const fault = faultOf({ formula: 'a + b', inputs: { a: 's2.red', b: 'late' }, unit: '1' })
    expect(fault.code).toBe('no_dates')
    expect(faultOf({ formula: 'a', inputs: { a: 's2.red', b: 'dem' }, unit: '1' }).message).toMatch(
      /does not use its input b/,
    )
  })
})

describe('weather and calendar', () => {
  test('one value everywhere on its dates', async () => {
    const rain = compile({ weather: 'farm', variable: 'rain' })
    expect(rain.times).toEqual([first, third])
    expect(rain.unit).toBe('mm')
    expect([...(await rain.read(part(grid, 0, 0, 2, 2), third)).values]).toEqual([0.5, 0.5, 0.5, 0.5])
    const none = await rain.read(part(grid, 0, 0, 1, 2), day('2018-07-02'))
    expect([...none.reasons]).toEqual([reasonCodes.no_observation, reasonCodes.no_observation])
  })

  test('calendar terms', async () => {
    const value = async (calendar: 'dayOfYear' | 'month' | 'sinDayOfYear' | 'cosDayOfYear', on: string) =>
      (await compile({ calendar }).read(part(grid, 0, 0, 1, 1), day(on))).values[0]
    expect(await value('dayOfYear', '2020-12-31')).toBe(366)
    expect(await value('month', '2020-12-31')).toBe(12)
    expect(await value('sinDayOfYear', '2020-01-01')).toBe(0)
    expect(await value('cosDayOfYear', '2020-07-02')).toBeCloseTo(-1, 6)
    expect(await value('cosDayOfYear', '2019-12-31')).toBeCloseTo(Math.cos((2 * Math.PI * 364) / 365), 6)
  })
})

describe('stackReader', () => {
  test('reads fields in step and blames the first that is missing', async () => {
    const fields = ['s2.nir', { weather: 'farm', variable: 'rain' }, 's2.red', 'modis', { calendar: 'month' }].map(
      (expression, i) => compileField(`f${i}`, expression as FieldExpression, project.context()),
    )
    const stack = await stackReader(fields)(part(grid, 3, 2, 1, 2), first)
    expect(stack.columns).toHaveLength(5)
    expect([...stack.columns[1]]).toEqual([3, 3])
    expect([...stack.columns[4]]).toEqual([7, 7])
    expect([...stack.reasons]).toEqual([0, reasonCodes.no_data])
    expect([...stack.missingField]).toEqual([-1, 0])
    const later = await stackReader(fields)(part(grid, 0, 0, 1, 1), day('2018-07-02'))
    expect([...later.reasons, ...later.missingField]).toEqual([reasonCodes.no_scene, 0])
  })

  test('a stop is heeded', async () => {
    const read = stackReader([compile('s2.red')])(wholeGrid(grid), first, { signal: AbortSignal.abort() })
    await expect(read).rejects.toMatchObject({ code: 'cancelled' })
  })
})

test('a table of fields tells unit, dates, grid and story', () => {
  const fields = [compile({ mask: 's2.red', by: 's2.scl', keep: { values: [4, 5] } }), compile({ calendar: 'month' })]
  expect(describeFields(fields)).toBe(
    [
      'wet [1], continuous, 2 dates 2018-07-01 to 2018-07-03, 10 m, EPSG:32631',
      '    red of dataset s2 (10 m), kept only where scl of dataset s2 is in {4, 5}',
      'wet [1], continuous, every date, no grid of its own',
      '    month',
    ].join('\n'),
  )
})
