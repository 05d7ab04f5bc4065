import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { wholeGrid } from '../../../main/contract/index.ts'
import { driftResiduals } from '../../../main/engine/geostatistics/drift-residuals.ts'
import {
  krige,
  krigeToFile,
  krigeToTable,
  parseVariogram,
  readDatedPoints,
  readPoints,
  solveKriging,
} from '../../../main/engine/geostatistics/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import {
  cellCentres,
  describeRaster,
  gridFromExtent,
  RasterReader,
  transformPoints,
  writeGeoTiff,
} from '../../../main/engine/raster/index.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

const model = parseVariogram('sph(1,500)+nug(0.1)')
const crs = 'EPSG:32631'
const grid = gridFromExtent(crs, 20, [500_000, 5_000_000, 501_000, 5_000_800])

/** 40 wells with a level each, one row without. */
function wells(folder: string): string {
  const random = new Random(5)
  const lines = Array.from({ length: 40 }, () => {
    const [x, y] = [500_000 + 1000 * random.uniform(), 5_000_000 + 800 * random.uniform()]
    return `${x.toFixed(2)};${y.toFixed(2)};${(1 + random.uniform()).toFixed(3)}`
  })
  const path = join(folder, 'wells.csv')
  writeFileSync(path, ['east;north;level', ...lines, '500100;5000100;NA'].join('\n'))
  return path
}
const tableOf = (path: string) => ({ path, value: 'level', x: 'east', y: 'north', crs })

async function readBand(path: string, band: number): Promise<Float32Array> {
  const reader = new RasterReader({ cacheBytes: 1 << 22 })
  const source = { path, subdataset: '', band, grid, scale: 1, offset: 0, nodata: [NaN], validRange: null }
  const { values } = await reader.read(source, { row: 0, col: 0, rows: grid.rows, cols: grid.cols })
  reader.close()
  return values
}

describe('kriging to a file', () => {
  it('writes what kriging in memory gives, as float32, with names', async () => {
    const folder = temporaryFolder()
    const path = wells(folder)
    const out = join(folder, 'k.tif')
    const done = await krigeToFile({ points: tableOf(path), grid, model, drift: ['x'], neighbours: 15, out })
    expect(done).toMatchObject({ stations: 40, withoutValue: 1, averaged: 0, cells: 2000, validCells: 2000 })
    const { points } = await readPoints(tableOf(path))
    const { x, y } = cellCentres(wholeGrid(grid))
    const expected = await krige(await solveKriging(points, model, { drift: [points.x], neighbours: 15 }), {
      x,
      y,
      drift: [x],
    })
    expect(await readBand(out, 1)).toEqual(Float32Array.from(expected.prediction))
    expect(await readBand(out, 2)).toEqual(Float32Array.from(expected.variance!))
    const [layer] = (await describeRaster(out)).layers
    expect(layer.bands.map(({ name }) => name)).toEqual(['prediction of level', 'kriging variance of level'])
    expect(layer.metadata.LOAM_VARIOGRAM).toBe('sph(1,500)+nug(0.1)')
  })

  it('chooses a model, reprojects points, and takes a raster as drift', async () => {
    const folder = temporaryFolder()
    const path = wells(folder)
    const slope = Float32Array.from({ length: 2000 }, (_, i) => Math.sin(i / 300))
    const drift = join(folder, 'slope.tif')
    await writeGeoTiff(drift, { grid, bands: [{ name: 'slope', values: slope }] })
    const done = await krigeToFile({
      points: tableOf(path),
      grid,
      model: 'auto',
      drift: [drift],
      out: join(folder, 'd.tif'),
    })
    expect(done.candidates.length).toBeGreaterThan(1)
    expect(done.model).toBe(done.candidates[0].model)

    const { points } = await readPoints(tableOf(path))
    const [lon, lat] = [points.x.slice(), points.y.slice()]
    transformPoints(crs, 'EPSG:32632', lon, lat)
    const moved = join(folder, 'moved.csv')
    writeFileSync(
      moved,
      ['east,north,level', ...Array.from(lon, (_, i) => `${lon[i]},${lat[i]},${points.values[i]}`)].join('\n'),
    )
    const [a, b] = [join(folder, 'a.tif'), join(folder, 'b.tif')]
    await krigeToFile({ points: tableOf(path), grid, model, out: a })
    await krigeToFile({ points: { ...tableOf(moved), crs: 'EPSG:32632' }, grid, model, out: b })
    const [here, there] = [await readBand(a, 1), await readBand(b, 1)]
    here.forEach((value, i) => expect(there[i]).toBeCloseTo(value, 4))
  })

  it('kriges what points differ from a trend and adds it again; without variance, with a known mean, from the nearest', async () => {
    const folder = temporaryFolder()
    const path = wells(folder)
    const trend = join(folder, 'trend.tif')
    const { x, y } = cellCentres(wholeGrid(grid))
    const values = Float32Array.from(x, (each, i) => (i === 3 ? NaN : 0.01 * each - 0.02 * y[i]))
    await writeGeoTiff(trend, { grid, bands: [{ name: 'model', values }] })
    const out = join(folder, 'r.tif')
    const done = await krigeToFile({ points: tableOf(path), grid, model, trend, mean: 0, neighbours: 12, out })
    expect(done.plan.neighbours).toBe(12)
    const { points } = await readPoints(tableOf(path))
    const [west, width, , north, , height] = grid.transform
    const residuals = points.values.map(
      (value, i) =>
        value -
        values[Math.floor((points.y[i] - north) / height) * grid.cols + Math.floor((points.x[i] - west) / width)],
    )
    const system = await solveKriging({ ...points, values: residuals }, model, { mean: 0, neighbours: 12 })
    const { prediction, variance } = await krige(system, { x, y })
    const [here, spread] = [await readBand(out, 1), await readBand(out, 2)]
    here.forEach((value, i) => {
      if (i === 3) expect([value, spread[i]]).toEqual([NaN, NaN])
      else expect([value, spread[i]]).toEqual([Math.fround(prediction[i] + values[i]), Math.fround(variance![i])])
    })
    const quick = join(folder, 'q.tif')
    await krigeToFile({
      points: tableOf(path),
      grid,
      model,
      trend,
      mean: 0,
      neighbours: 12,
      variance: false,
      out: quick,
    })
    expect((await describeRaster(quick)).layers[0].bands).toHaveLength(1)
    expect(await readBand(quick, 1)).toEqual(here)
  })

  it('kriges to the places of a table with drift from columns, and to a map with drift from a column at the points', async () => {
    const folder = temporaryFolder()
    const random = new Random(8)
    const rows = Array.from({ length: 30 }, () => [
      random.uniform() * 1000,
      random.uniform() * 800,
      random.uniform(),
      random.uniform(),
    ])
    const line = (row: number[]): string => `${500_000 + row[0]},${5_000_000 + row[1]},${row[2]},${row[3]}`
    const [path, at, out] = ['p.csv', 'at.csv', 'out.csv'].map((name) => join(folder, name))
    writeFileSync(path, ['east,north,level,height', ...rows.slice(0, 25).map(line), '500001,5000001,3,'].join('\n'))
    writeFileSync(
      at,
      [
        'height,north,east',
        ...rows.slice(25).map((row) => `${row[3]},${5_000_000 + row[1]},${500_000 + row[0]}`),
        ',5000000,500000',
      ].join('\n'),
    )
    const done = await krigeToTable({ points: tableOf(path), at, model, drift: ['x', 'height'], out })
    expect(done).toMatchObject({ stations: 25, withoutValue: 1, cells: 6, validCells: 5 })
    const column = (from: number, to: number, c: number, base = 0): Float64Array =>
      Float64Array.from(rows.slice(from, to), (row) => base + row[c])
    const points = { x: column(0, 25, 0, 500_000), y: column(0, 25, 1, 5_000_000), values: column(0, 25, 2) }
    const system = await solveKriging(points, model, { drift: [points.x, column(0, 25, 3)] })
    const x = column(25, 30, 0, 500_000)
    const expected = await krige(system, { x, y: column(25, 30, 1, 5_000_000), drift: [x, column(25, 30, 3)] })
    const [heading, ...lines] = readFileSync(out, 'utf8').trim().split('\n')
    expect(heading).toBe('x,y,prediction,variance')
    expect(lines.at(-1)).toBe('500000,5000000,,')
    lines.slice(0, 5).forEach((text, i) => {
      const [, , prediction, variance] = text.split(',').map(Number)
      expect([prediction, variance]).toEqual([expected.prediction[i], expected.variance![i]])
    })

    const map = join(folder, 'height.tif')
    const heights = Float32Array.from({ length: 2000 }, (_, i) => Math.sin(i))
    await writeGeoTiff(map, { grid, bands: [{ name: 'height', values: heights }] })
    const kriged = join(folder, 'k.tif')
    await krigeToFile({ points: tableOf(path), grid, model, drift: [`height=${map}`], out: kriged })
    const own = await solveKriging(points, model, { drift: [column(0, 25, 3)] })
    const { prediction } = await krige(own, { ...cellCentres(wholeGrid(grid)), drift: [Float64Array.from(heights)] })
    expect(await readBand(kriged, 1)).toEqual(Float32Array.from(prediction))
  })

  it('reads points date by date; two values at one place are two only on one date', async () => {
    const path = join(temporaryFolder(), 'dated.csv')
    writeFileSync(path, 'east,north,level,day\n1,2,3,2018-07-02\n1,2,5,2018-07-01\n4,5,0,2018-07-01\n4,6,,2018-07-01\n')
    const { dates, withoutValue } = await readDatedPoints(tableOf(path), 'day')
    expect(dates.map(({ date, points }) => [date, ...points.values])).toEqual([
      ['2018-07-01', 5, 0],
      ['2018-07-02', 3],
    ])
    expect(withoutValue).toBe(1)
    writeFileSync(path, 'east,north,level,day\n1,2,3,2018-07-02\n1,2,5,2018-07-02\n')
    await expect(readDatedPoints(tableOf(path), 'day')).rejects.toThrow(/several values on 2018-07-02/)
  })

  it('refuses degrees with the remedy, double places, unknown columns and texts for numbers', async () => {
    const folder = temporaryFolder()
    const path = wells(folder)
    const refused = async (table: object, words: RegExp): Promise<void> => {
      await expect(readPoints({ ...tableOf(path), ...table })).rejects.toThrow(words)
    }
    await refused({ crs: 'EPSG:4326' }, /Project them.*--great-circle/)
    await refused({ greatCircle: true }, /Leave --great-circle out/)
    await refused({ value: 'depth' }, /no column "depth". It has: east, north, level/)
    const bad = join(folder, 'bad.csv')
    writeFileSync(bad, 'east,north,level\n1,2,3\n4,5,high\n')
    await refused({ path: bad }, /line 3, column "level": "high" is not a number/)
    writeFileSync(bad, 'east,north,level\n1,2,3\n1,2,5\n4,5,0\n')
    await refused({ path: bad }, /1 places with several values/)
    await refused({ path: bad, log: true }, /line 4: 0 has no logarithm/)
    const { points, averaged } = await readPoints({ ...tableOf(bad), duplicates: 'mean' })
    expect([...points.values, averaged]).toEqual([4, 0, 1])
    const elsewhere = gridFromExtent(crs, 10, [500_000, 5_000_000, 500_100, 5_000_100])
    const drift = join(folder, 'elsewhere.tif')
    await writeGeoTiff(drift, { grid: elsewhere, bands: [{ name: 'a', values: new Float32Array(100) }] })
    const out = join(folder, 'none.tif')
    await expect(krigeToFile({ points: tableOf(path), grid, model, drift: [drift], out })).rejects.toThrow(
      /other cells than the grid/,
    )
  })

  it('takes the drift out of the values before the variogram is made', () => {
    const x = Float64Array.from({ length: 30 }, (_, i) => 1e6 + i)
    const y = Float64Array.from({ length: 30 }, (_, i) => (i * 7) % 11)
    const left = driftResiduals(
      x.map((each, i) => 3 + 2 * each - 5 * y[i]),
      [x, y],
    )
    left.forEach((value) => expect(Math.abs(value)).toBeLessThan(1e-8))
    expect(() => driftResiduals(y, [x, x.map((each) => 1 - each)])).toThrow(/column 2/)
  })
})
