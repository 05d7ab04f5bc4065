import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reasonCodes, wholeGrid } from '../../../main/contract/index.ts'
import type { FieldExpression, Grid } from '../../../main/contract/index.ts'
import { compileField } from '../../../main/engine/fields/index.ts'
import { gridOfFile, RasterReader } from '../../../main/engine/raster/index.ts'
import { hashFile } from '../../../main/engine/files/index.ts'
import { describeWithSharedData, sharedData } from '../../shared-data.ts'
import { dailyTable, day, part, TinyProject, utmGrid } from './tiny-project.ts'

const project = new TinyProject()
const grid = utmGrid(10, 5, 6)
const today = day('2018-07-01')
const none = Number.NaN
/** 3 m up per cell eastwards, 4 m down per cell southwards: slope 0.5 m m⁻¹, facing away from north-east. */
const plane = Array.from({ length: 30 }, (_, i) => 3 * (i % 6) - 4 * Math.floor(i / 6))

beforeAll(async () => {
  await project.addRaster('plane', grid, { z: { unit: 'm', days: { static: plane } } })
  await project.addRaster('flat', grid, { z: { unit: 'm', days: { static: plane.map(() => 7) } } })
  const holed = plane.map((z, i) => (i === 14 || i === 16 || i === 9 || i === 21 ? none : z))
  await project.addRaster('holed', grid, { z: { unit: 'm', days: { static: holed } } })
  await project.addRaster('feet', grid, { z: { unit: 'ft', days: { static: plane } } })
  const degrees: Grid = { crs: 'EPSG:4326', transform: [4, 0.001, 0, 52, 0, -0.001], rows: 5, cols: 6 }
  await project.addRaster('degrees', degrees, { z: { unit: 'm', days: { static: plane } } })
})
afterAll(() => project.close())

const compile = (expression: FieldExpression, more: { crs?: string } = {}) =>
  compileField('wet', expression, project.context({}, more))

describe('terrain', () => {
  test('a plane has one slope and one aspect, also at its edge', async () => {
    const read = async (terrain: 'slope' | 'aspect' | 'northness' | 'eastness') =>
      (await compile({ terrain, elevation: 'plane' }).read(wholeGrid(grid), today)).values
    const steepness = (Math.atan(0.5) * 180) / Math.PI
    for (const value of await read('slope')) expect(value).toBeCloseTo(steepness, 4)
    // Rising to the north-east (0.3 east, 0.4 north), so facing the opposite way.
    for (const value of await read('aspect'))
      expect(value).toBeCloseTo((Math.atan2(-0.3, -0.4) * 180) / Math.PI + 360, 3)
    for (const value of await read('northness')) expect(value).toBeCloseTo(-0.8, 6)
    for (const value of await read('eastness')) expect(value).toBeCloseTo(-0.6, 6)
  })

  test('a window gives what the whole gives', async () => {
    const field = compile({ terrain: 'slope', elevation: 'holed' })
    const whole = await field.read(wholeGrid(grid), today)
    const window = await field.read(part(grid, 1, 2, 3, 3), today)
    for (let i = 0; i < 9; i++) {
      const cell = (1 + Math.floor(i / 3)) * 6 + 2 + (i % 3)
      expect(window.values[i]).toBe(whole.values[cell])
      expect(window.reasons[i]).toBe(whole.reasons[cell])
    }
  })

  test('a cell without elevation, or between two of them, has none', async () => {
    const block = await compile({ terrain: 'slope', elevation: 'holed' }).read(wholeGrid(grid), today)
    expect(block.reasons[14]).toBe(reasonCodes.no_data)
    expect(block.reasons[15]).toBe(reasonCodes.too_few_neighbours)
    expect(block.reasons[13]).toBe(0)
    expect(block.values[13]).toBeCloseTo((Math.atan(0.5) * 180) / Math.PI, 4)
  })

  test('on a foreign grid every day gives the same, and the caller may write into it', async () => {
    const field = compile({ terrain: 'slope', elevation: 'plane' })
    const coarse = utmGrid(25, 2, 2)
    const block = await field.read(wholeGrid(coarse), today)
    const [before, reasons] = [block.values.slice(), block.reasons.slice()]
    block.values.fill(0)
    block.reasons.fill(9)
    const again = await field.read(wholeGrid(coarse), day('2018-07-02'))
    expect(again.values).toEqual(before)
    expect(again.reasons).toEqual(reasons)
  })

  test('a flat cell faces nowhere', async () => {
    const read = (terrain: 'aspect' | 'northness' | 'slope') =>
      compile({ terrain, elevation: 'flat' }).read(part(grid, 0, 0, 1, 1), today)
    expect((await read('aspect')).reasons[0]).toBe(reasonCodes.not_finite)
    expect((await read('northness')).values[0]).toBe(0)
    expect((await read('slope')).values[0]).toBe(0)
  })

  test('degrees and feet are refused with the remedy', () => {
    expect(() => compile({ terrain: 'slope', elevation: 'degrees' })).toThrow(/WGS 84.*Project the elevation/)
    expect(() => compile({ terrain: 'slope', elevation: 'feet' })).toThrow(/"ft"; metres were needed/)
  })
})

describe('fromStations', () => {
  const utm = (): void =>
    project.addStations(
      dailyTable(
        'wells',
        'EPSG:32631',
        [
          ['A', 600_005, 5_799_995],
          ['B', 600_035, 5_799_995],
          ['C', 600_005, 5_799_955],
          ['unplaced', null, null],
        ],
        { '2018-07-01': [1, 2, 4, 99], '2018-07-02': [none, 2, none, 99], '2018-07-03': [none, none, none, 99] },
        'm',
      ),
    )
  const wells: FieldExpression = { fromStations: 'wells', variable: 'rain' }

  test('three stations by hand, metres', async () => {
    utm()
    const block = await compile(wells).read(wholeGrid(grid), today)
    expect([block.values[0], block.values[3], block.values[24]]).toEqual([1, 2, 4])
    // Cell (0, 1) is 10 m from A, 20 m from B and hypot(10, 40) m from C.
    const weights = [1 / 100, 1 / 400, 1 / 1700]
    const sum = weights[0] * 1 + weights[1] * 2 + weights[2] * 4
    expect(block.values[1]).toBeCloseTo(sum / (weights[0] + weights[1] + weights[2]), 6)
    const two = await compile({ fromStations: 'wells', variable: 'rain', neighbours: 2, power: 3 }).read(
      part(grid, 0, 1, 1, 1),
      today,
    )
    expect(two.values[0]).toBeCloseTo((1 / 1000 + 2 / 8000) / (1 / 1000 + 1 / 8000), 6)
  })

  test('stations without a value that day are left out; without any there is none', async () => {
    utm()
    const field = compile(wells)
    expect(field.times).toEqual(['2018-07-01', '2018-07-02'])
    expect([...(await field.read(part(grid, 0, 0, 1, 2), day('2018-07-02'))).values]).toEqual([2, 2])
    expect((await field.read(part(grid, 0, 0, 1, 1), day('2018-07-03'))).reasons[0]).toBe(reasonCodes.no_observation)
    expect(field.idOn(day('2018-07-01'))).not.toBe(field.idOn(day('2018-07-02')))
  })

  test('stations in degrees are weighed by great-circle distance', async () => {
    const [west, east] = [4, 5]
    project.addStations(
      dailyTable(
        'gauges',
        'EPSG:4326',
        [
          ['W', west, 60],
          ['E', east, 60],
        ],
        { '2018-07-01': [0, 1] },
      ),
    )
    // Rows of one cell from 60° N to the north: the two meridians converge, and the cell centre is nearer to one of them.
    const cell: Grid = { crs: 'EPSG:4326', transform: [4.2, 0.1, 0, 60.6, 0, -0.1], rows: 1, cols: 1 }
    const block = await compile({ fromStations: 'gauges', variable: 'rain' }).read(wholeGrid(cell), today)
    const haversine = (lon: number): number => {
      const rad = Math.PI / 180
      const [dPhi, dLambda] = [(60.55 - 60) * rad, (4.25 - lon) * rad]
      const h = Math.sin(dPhi / 2) ** 2 + Math.cos(60 * rad) * Math.cos(60.55 * rad) * Math.sin(dLambda / 2) ** 2
      return 2 * Math.asin(Math.sqrt(h))
    }
    const [w, e] = [haversine(west) ** -2, haversine(east) ** -2]
    expect(block.values[0]).toBeCloseTo(e / (w + e), 6)
  })

  test('a set without places is refused', () => {
    project.addStations(dailyTable('farm', '', [['F', null, null]], { '2018-07-01': [1] }))
    expect(() => compile({ fromStations: 'farm', variable: 'rain' })).toThrow(/no station of "farm" has a place/)
  })
})

describe('coordinate', () => {
  test('is that of the fine grid, on any window', async () => {
    const x = compile({ coordinate: 'x' }, { crs: 'EPSG:32631' })
    expect([...(await x.read(part(grid, 0, 0, 1, 3), today)).values]).toEqual([600_005, 600_015, 600_025])
    const centre: Grid = { crs: 'EPSG:4326', transform: [2.9995, 0.001, 0, 0.0005, 0, -0.001], rows: 1, cols: 1 }
    expect((await x.read(wholeGrid(centre), today)).values[0]).toBeCloseTo(500_000, 0)
    expect(x.unit).toBe('m')
  })

  test('needs a CRS', () => {
    expect(() => compile({ coordinate: 'y' })).toThrow(/needs the CRS/)
  })
})

describeWithSharedData('terrain against SAGA', () => {
  test('slope and aspect of Big Tujunga agree away from the border', async () => {
    const reader = new RasterReader({ cacheBytes: 32 * 1024 * 1024 })
    const path = sharedData('dem_twi_reference/dem.tif')
    const native = await gridOfFile(path)
    const [nodata, kind] = [[32767, -99999], 'continuous' as const]
    const variable = { name: 'z', unit: 'm', kind, scale: 1, offset: 0, nodata, validRange: null, description: '' }
    const dataset = {
      name: 'dem',
      grid: native,
      variables: [variable],
      files: [{ path, bytes: 0, modifiedMs: 0, sha256: await hashFile(path) }],
      scenes: [{ variable: 0, day: null, file: 0, subdataset: '', band: 1 }],
      dateRule: '',
      notes: [],
    }
    const context = project.context({}, { reader, datasets: new Map([['dem', dataset]]) })
    const reference = (file: string) =>
      reader.read(
        {
          path: sharedData(`dem_twi_reference/${file}`),
          subdataset: '',
          band: 1,
          grid: native,
          scale: 180 / Math.PI,
          offset: 0,
          nodata,
          validRange: null,
        },
        wholeGrid(native),
      )
    const window = wholeGrid(native)
    const slope = await compileField('slope', { terrain: 'slope', elevation: 'dem' }, context).read(window, today)
    const aspect = await compileField('aspect', { terrain: 'aspect', elevation: 'dem' }, context).read(window, today)
    const [sagaSlope, sagaAspect] = [await reference('ref_slope_zt.tif'), await reference('ref_aspect_zt.tif')]
    let worstSlope = 0
    let worstAspect = 0
    let compared = 0
    for (let row = 3; row < native.rows - 3; row++)
      for (let col = 3; col < native.cols - 3; col++) {
        const i = row * native.cols + col
        if (slope.reasons[i] !== 0 || sagaSlope.reasons[i] !== 0) continue
        worstSlope = Math.max(worstSlope, Math.abs(slope.values[i] - sagaSlope.values[i]))
        if (aspect.reasons[i] !== 0 || sagaAspect.reasons[i] !== 0) continue
        const turn = Math.abs(aspect.values[i] - sagaAspect.values[i])
        worstAspect = Math.max(worstAspect, Math.min(turn, 360 - turn))
        compared++
      }
    expect(compared).toBeGreaterThan(500_000)
    expect(worstSlope).toBeLessThan(1e-4)
    expect(worstAspect).toBeLessThan(1e-4)
    reader.close()
  })
})
