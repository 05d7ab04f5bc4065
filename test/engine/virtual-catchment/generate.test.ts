import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays, reasonCodes } from '../../../main/contract/index.ts'
import type { Day, RasterDataset } from '../../../main/contract/index.ts'
import { understandRasters } from '../../../main/engine/catalog/index.ts'
import { hashFile } from '../../../main/engine/files/index.ts'
import { mean } from '../../../main/engine/numeric/index.ts'
import { RasterReader, transformPoints } from '../../../main/engine/raster/index.ts'
import { readStationTable, toDaily } from '../../../main/engine/stations/index.ts'
import { generateVirtualCatchment, virtualCatchmentSources } from '../../../main/engine/virtual-catchment/index.ts'
import { missingDay } from '../../../main/engine/virtual-catchment/coarse-product.ts'

const options = { seed: 11, size: 200, days: 14 }
const firstDay = '2018-06-01' as Day

describe('a generated catchment', () => {
  let folder: string
  let reader: RasterReader
  const datasets = new Map<string, RasterDataset>()

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'catchment-'))
    await generateVirtualCatchment(folder, options)
    reader = new RasterReader({ cacheBytes: 50e6 })
    for (const source of virtualCatchmentSources(folder).rasters)
      datasets.set(source.name, await understandRasters(source))
  })
  afterAll(async () => {
    reader.close()
    await rm(folder, { recursive: true })
  })

  async function read(name: string, variable: string, day: Day | null) {
    const dataset = datasets.get(name)!
    const v = dataset.variables.findIndex((each) => each.name === variable)
    const scene = dataset.scenes.find((each) => each.variable === v && each.day === day)!
    const { scale, offset, nodata, validRange } = dataset.variables[v]
    const { grid } = dataset
    const source = {
      path: dataset.files[scene.file].path,
      subdataset: scene.subdataset,
      band: scene.band,
      grid,
      scale,
      offset,
      nodata,
      validRange,
    }
    return reader.read(source, { row: 0, col: 0, rows: grid.rows, cols: grid.cols })
  }

  it('is understood whole: names, units, dates, two reference systems', () => {
    const found = Object.fromEntries(
      [...datasets].map(([name, { variables, scenes, grid }]) => [
        name,
        [variables.map(({ name, unit }) => `${name} ${unit}`).join(', '), scenes.length, grid.crs],
      ]),
    )
    expect(found).toEqual({
      coarse: ['soil_moisture m3 m-3', options.days - 1, 'EPSG:32632'],
      s1: ['sigma0_vv dB', 5, 'EPSG:32632'],
      s2: ['blue 1, red 1, nir 1, class ', 4 * 6, 'EPSG:32632'],
      lst: ['lst_day K, lst_night K', 2 * 26, 'EPSG:4326'],
      precipitation: ['precipitation mm', 34, 'EPSG:32632'],
      clay: ['clay %', 1, 'EPSG:32632'],
      sand: ['sand %', 1, 'EPSG:32632'],
      bulk_density: ['bulk_density kg m-3', 1, 'EPSG:32632'],
      truth: ['soil_moisture m3 m-3', options.days, 'EPSG:32632'],
    })
    const days = datasets.get('coarse')!.scenes.map((scene) => scene.day)
    expect(days).not.toContain(addDays(firstDay, missingDay))
  })

  it('the coarse product is the truth averaged by area, with its stated error', async () => {
    const errors: number[] = []
    for (const { day } of datasets.get('coarse')!.scenes) {
      const truth = await read('truth', 'soil_moisture', day)
      const coarse = await read('coarse', 'soil_moisture', day)
      for (let cell = 0; cell < 4; cell++) {
        if (coarse.reasons[cell] !== reasonCodes.none) continue
        let sum = 0
        for (let i = 0; i < 10_000; i++)
          sum += truth.values[((cell >> 1) * 100 + Math.floor(i / 100)) * 200 + (cell & 1) * 100 + (i % 100)]
        errors.push(coarse.values[cell] - sum / 10_000)
      }
    }
    expect(errors.length).toBeGreaterThan(40)
    // 52 draws of standard deviation 0.02: bounds four standard errors wide.
    expect(Math.abs(mean(Float64Array.from(errors)))).toBeLessThan((4 * 0.02) / Math.sqrt(errors.length))
    const deviation = Math.sqrt(mean(Float64Array.from(errors, (error) => error ** 2)))
    expect(deviation).toBeGreaterThan(0.012)
    expect(deviation).toBeLessThan(0.028)
  })

  it('the radar has swaths with and without a gap', async () => {
    const valid: number[] = []
    for (const { day } of datasets.get('s1')!.scenes) {
      const { reasons, values } = await read('s1', 'sigma0_vv', day)
      const seen = values.filter((_, i) => reasons[i] === reasonCodes.none)
      valid.push(seen.length / values.length)
      expect(Math.abs(mean(Float64Array.from(seen)) + 14)).toBeLessThan(4)
    }
    expect(valid.filter((share) => share === 1)).toHaveLength(3)
    expect(valid.filter((share) => share < 0.9 && share > 0.5)).toHaveLength(2)
  })

  it('under clouds the reflectances are those of clouds', async () => {
    let clouds = 0
    let [darkestCloud, brightestGround] = [Infinity, -Infinity]
    for (const day of new Set(datasets.get('s2')!.scenes.map((scene) => scene.day))) {
      const blue = await read('s2', 'blue', day)
      const classes = await read('s2', 'class', day)
      for (let i = 0; i < classes.values.length; i++)
        if (classes.values[i] === 9) {
          clouds++
          darkestCloud = Math.min(darkestCloud, blue.values[i])
        } else if (classes.values[i] === 4 || classes.values[i] === 5)
          brightestGround = Math.max(brightestGround, blue.values[i])
    }
    expect(clouds).toBeGreaterThan(1000)
    expect(darkestCloud).toBeGreaterThan(0.2)
    expect(brightestGround).toBeLessThan(0.12)
  })

  it('surface temperatures cover the catchment, are kelvin, and have holes', async () => {
    const { grid, scenes } = datasets.get('lst')!
    const [left, width, , top, , height] = grid.transform
    const corners = {
      lon: Float64Array.of(350_000, 352_000, 350_000, 352_000),
      lat: Float64Array.of(5_800_000, 5_800_000, 5_798_000, 5_798_000),
    }
    transformPoints('EPSG:32632', 'EPSG:4326', corners.lon, corners.lat)
    expect(Math.min(...corners.lon)).toBeGreaterThan(left + width)
    expect(Math.max(...corners.lon)).toBeLessThan(left + width * (grid.cols - 1))
    expect(Math.max(...corners.lat)).toBeLessThan(top + height)
    expect(Math.min(...corners.lat)).toBeGreaterThan(top + height * (grid.rows - 1))
    let holes = 0
    for (const { day } of scenes) {
      const { values, reasons } = await read('lst', 'lst_day', day)
      values.forEach((value, i) => {
        if (reasons[i] === reasonCodes.none) expect(Math.abs(value - 300)).toBeLessThan(25)
        else holes++
      })
    }
    expect(holes).toBeGreaterThan(100)
  })

  it('stations follow the truth at their places, without their flagged spikes', async () => {
    const [network] = virtualCatchmentSources(folder).stations
    const { set, observations } = await readStationTable(network.path, { ...network.table, name: network.name })
    expect(set.stations).toHaveLength(25)
    expect(set.variables).toEqual([{ name: 'soil_moisture', unit: 'm3 m-3', depth: [0.05, 0.05] }])
    const daily = toDaily(set, observations, { variable: 'soil_moisture' })
    const x = Float64Array.from(set.stations, (station) => station.x!)
    const y = Float64Array.from(set.stations, (station) => station.y!)
    transformPoints(set.crs, 'EPSG:32632', x, y)
    const errors: number[] = []
    for (let d = 0; d < daily.days.length; d++) {
      const truth = await read('truth', 'soil_moisture', daily.days[d])
      set.stations.forEach((_, s) => {
        const value = daily.values[s * daily.days.length + d]
        const row = Math.floor((5_800_000 - y[s]) / 10)
        const col = Math.floor((x[s] - 350_000) / 10)
        if (!Number.isNaN(value)) errors.push(value - truth.values[row * 200 + col])
      })
    }
    expect(errors.length).toBeLessThan(25 * options.days)
    expect(errors.length).toBeGreaterThan(0.7 * 25 * options.days)
    // Probe offset 0.012; the daily mean of straight lines between noons differs on days of rain.
    expect(Math.sqrt(mean(Float64Array.from(errors, (error) => error ** 2)))).toBeLessThan(0.035)
  })

  it('wells lie on the map and have a level on nearly every day', async () => {
    const wells = virtualCatchmentSources(folder).stations[1]
    const { set, observations } = await readStationTable(wells.path, { ...wells.table, name: wells.name })
    expect(set.variables).toEqual([{ name: 'groundwater_depth', unit: 'm', depth: null }])
    expect(set.crs).toBe('EPSG:32632')
    expect(observations.value.length).toBeGreaterThan(0.9 * 36 * options.days)
  })

  it('is left alone when it is there, made anew for other options, and the same for the same seed', async () => {
    expect((await generateVirtualCatchment(folder, options)).reused).toBe(true)
    const other = await mkdtemp(join(tmpdir(), 'catchment-'))
    try {
      const small = { seed: 11, size: 200, days: 5 }
      await generateVirtualCatchment(other, { ...small, seed: 12 })
      const before = await hashFile(join(other, 'truth', 'truth_20180603.tif'))
      expect((await generateVirtualCatchment(other, small)).reused).toBe(false)
      expect(await hashFile(join(other, 'truth', 'truth_20180603.tif'))).not.toBe(before)
      expect(await readFile(join(other, 'virtual-catchment.json'), 'utf8')).toContain('SYNTHETIC')
      const files = await readdir(other, { recursive: true })
      const first = await Promise.all(files.filter((f) => /\.\w+$/.test(f)).map((f) => hashFile(join(other, f))))
      await rm(join(other, 'virtual-catchment.json'))
      await expect(generateVirtualCatchment(other, small)).rejects.toMatchObject({ code: 'name_taken' })
      await rm(other, { recursive: true })
      await mkdir(other)
      await generateVirtualCatchment(other, small)
      expect(await Promise.all(files.filter((f) => /\.\w+$/.test(f)).map((f) => hashFile(join(other, f))))).toEqual(
        first,
      )
    } finally {
      await rm(other, { recursive: true, force: true })
    }
  })

  it('refuses sizes and days it cannot make', async () => {
    await expect(generateVirtualCatchment(folder, { size: 250 })).rejects.toMatchObject({ code: 'bad_input' })
    await expect(generateVirtualCatchment(folder, { days: 1 })).rejects.toMatchObject({ code: 'bad_input' })
  })
})
