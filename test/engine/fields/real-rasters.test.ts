import { afterAll, expect, test } from 'vitest'
import { addDays, dayNumber, reasonCodes, wholeGrid } from '../../../main/contract/index.ts'
import type { Day, RasterDataset } from '../../../main/contract/index.ts'
import { understandRasters } from '../../../main/engine/catalog/index.ts'
import { compileField } from '../../../main/engine/fields/index.ts'
import type { FieldContext } from '../../../main/engine/fields/index.ts'
import { RasterReader } from '../../../main/engine/raster/index.ts'
import { describeWithSharedData, sharedData } from '../../shared-data.ts'
import { day } from './tiny-project.ts'

const reader = new RasterReader({ cacheBytes: 64 * 1024 * 1024 })
afterAll(() => reader.close())

function contextOf(...datasets: RasterDataset[]): FieldContext {
  const byName = new Map(datasets.map((dataset) => [dataset.name, dataset]))
  return { named: {}, datasets: byName, stations: new Map(), reader, minValidFraction: 0.5 }
}

/** The Sentinel-2 scenes as one dataset of named bands; the band names in these files are left-overs of temporary files. */
async function sentinel2(scale: number): Promise<RasterDataset> {
  const found = await understandRasters({ name: 's2', paths: [sharedData('sentinel2_optram_lachish/boa')] })
  const bands = [
    { name: 'blue', band: 2 },
    { name: 'red', band: 4 },
    { name: 'nir', band: 8 },
  ]
  return {
    ...found,
    variables: bands.map(({ name }) => ({ ...found.variables[0], name, scale, unit: '1' })),
    scenes: bands.flatMap(({ band }, variable) =>
      found.scenes.filter((scene) => scene.band === band).map((scene) => ({ ...scene, variable })),
    ),
  }
}

describeWithSharedData('fields of real rasters', () => {
  test('NDVI of Sentinel-2 at Lachish agrees with the reference', async () => {
    const reference = await understandRasters({
      name: 'reference',
      paths: [sharedData('sentinel2_optram_lachish/ndvi')],
    })
    const context = contextOf(await sentinel2(0.0001), reference)
    const ours = compileField('ndvi', { index: 'NDVI', bands: { nir: 's2.nir', red: 's2.red' } }, context)
    const theirs = compileField('reference', 'reference', context)
    expect(ours.times).toHaveLength(10)
    expect(theirs.times).toHaveLength(7)
    for (const date of theirs.times as Day[]) {
      const window = wholeGrid(reference.grid)
      const [a, b] = [await ours.read(window, date), await theirs.read(window, date)]
      const apart = Array.from(a.values, (value, i) => Math.abs(value - b.values[i])).filter(
        (gap) => !Number.isNaN(gap),
      )
      apart.sort((one, other) => one - other)
      expect(apart.length).toBeGreaterThan(4000)
      // The reference was warped after the division, our bands before it: equal only where neighbours are alike.
      expect(apart[apart.length >> 1]).toBeLessThan(0.001)
      expect(apart[Math.floor(apart.length * 0.99)]).toBeLessThan(0.02)
    }
  })

  test('EVI of the numbers as stored is refused', async () => {
    const raw = await sentinel2(1)
    const bands = { nir: 's2.nir', red: 's2.red', blue: 's2.blue' }
    const field = compileField('evi', { index: 'EVI', bands }, contextOf(raw))
    const read = field.read(wholeGrid(raw.grid), (field.times as Day[])[0])
    await expect(read).rejects.toMatchObject({ code: 'value_range', message: expect.stringContaining('of dataset s2') })
  })

  test('SMAP gaps filled over 3 days equal the plain rule', async () => {
    const smap = await understandRasters({
      name: 'smap',
      paths: [sharedData('smap9km_era5land_west_australia/smap_9km_daily.nc')],
    })
    const window = wholeGrid(smap.grid)
    const series = compileField('smap', 'smap', contextOf(smap))
    const filled = compileField('filled', { fillInTime: 'smap', maxAgeDays: 3 }, contextOf(smap))
    const [on, limit] = [day('2020-01-11'), 3]
    const offsets = Array.from({ length: 2 * limit + 1 }, (_, i) => i - limit)
    const blocks = await Promise.all(offsets.map((offset) => series.read(window, addDays(on, offset))))
    expect(new Set(blocks[limit].reasons)).toEqual(new Set([reasonCodes.no_scene]))
    const block = await filled.read(window, on)
    const plain = Float32Array.from(block.values, (_, i) => {
      const before = offsets.filter((offset, k) => offset < 0 && !Number.isNaN(blocks[k].values[i])).at(-1)
      const after = offsets.find((offset, k) => offset > 0 && !Number.isNaN(blocks[k].values[i]))
      const value = (offset: number): number => blocks[offset + limit].values[i]
      if (before === undefined) return after === undefined ? Number.NaN : value(after)
      if (after === undefined) return value(before)
      return value(before) + (value(after) - value(before)) * (-before / (after - before))
    })
    expect(block.values).toEqual(plain)
    expect(plain.filter((value) => !Number.isNaN(value)).length).toBeGreaterThan(2000)
    expect(dayNumber((filled.times as Day[])[0])).toBe(dayNumber(day('2019-12-29')))
  })

  test('ERA5-Land in degrees is brought to the SMAP grid in metres', async () => {
    const folder = 'smap9km_era5land_west_australia'
    const smap = await understandRasters({ name: 'smap', paths: [sharedData(`${folder}/smap_9km_daily.nc`)] })
    const era5 = await understandRasters({
      name: 'era5',
      paths: [sharedData(`${folder}/era5land_swvl1_daily_2020-01.nc`)],
    })
    const context = contextOf(smap, era5)
    const field = compileField('drier', { formula: 's - e', inputs: { s: 'smap', e: 'era5' }, unit: 'm3 m-3' }, context)
    // 9 km cells are smaller on the ground than 0.1°, so the formula lives on the SMAP grid.
    expect(field.nativeGrid).toEqual(smap.grid)
    const [window, on] = [wholeGrid(smap.grid), day('2020-01-20')]
    const block = await field.read(window, on)
    const [s, e] = [
      await compileField('s', 'smap', context).read(window, on),
      await compileField('e', 'era5', context).read(window, on),
    ]
    for (let i = 0; i < block.values.length; i++) {
      const plain = Math.fround(s.values[i] - e.values[i])
      expect(Object.is(block.values[i], plain) || Number.isNaN(block.values[i] + plain)).toBe(true)
    }
    expect(block.reasons.filter((reason) => reason === 0).length).toBeGreaterThan(500)
  })
})
