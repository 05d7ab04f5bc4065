import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addDays } from '../../main/contract/index.ts'
import type { Day, Grid } from '../../main/contract/index.ts'
import { Random } from '../../main/engine/numeric/index.ts'
import { writeGeoTiff } from '../../main/engine/raster/index.ts'

const grid: Grid = { crs: 'EPSG:32632', transform: [500_000, 10, 0, 5_800_000, 0, -10], rows: 20, cols: 24 }
const stations = 12
const days = 20
const firstDay = '2011-05-01' as Day

/** Files of a small invented farm: `sources/` with two rasters, a table of probes and one of places, and recipes. */
export async function writeTinyFarm(folder: string): Promise<void> {
  const sources = join(folder, 'sources')
  mkdirSync(sources)
  const random = new Random(7)
  const height = Float32Array.from(
    { length: grid.rows * grid.cols },
    (_, i) => 100 + Math.floor(i / grid.cols) + (i % 5),
  )
  const green = Float32Array.from({ length: grid.rows * grid.cols }, () => random.uniform())
  await writeGeoTiff(join(sources, 'dem.tif'), { grid, bands: [{ name: 'height', values: height, unit: 'm' }] })
  await writeGeoTiff(join(sources, 'green.tif'), { grid, bands: [{ name: 'ndvi', values: green, nodata: -9999 }] })

  const places = ['station,easting,northing']
  const probes = ['station;date;depth_m;sm']
  for (let s = 0; s < stations; s++) {
    const [row, col] = [1 + ((s * 7) % 18), 1 + ((s * 5) % 22)]
    places.push(`P${s},${500_005 + 10 * col},${5_799_995 - 10 * row}`)
    const own = 0.15 + 0.004 * row + 0.05 * green[row * grid.cols + col]
    for (let d = 0; d < days; d++)
      for (const depth of [0.05, 0.3]) {
        const value = own + 0.003 * d + 0.1 * depth + 0.01 * random.uniform()
        probes.push(`P${s};${addDays(firstDay, d)};${depth};${value.toFixed(4)}`)
      }
  }
  writeFileSync(join(sources, 'places.csv'), `${places.join('\n')}\n`)
  writeFileSync(join(sources, 'probes.csv'), `${probes.join('\n')}\n`)
  writeFileSync(join(folder, 'recipe.json'), JSON.stringify(tinyRecipe))
}

export const tinyRecipe = {
  loam: 'recipe/1',
  name: 'tiny',
  grid: { like: 'dem' },
  target: { stations: 'probes', variable: 'sm', depth: [0.05, 0.05] },
  predictors: {
    height: 'dem',
    slope: { terrain: 'slope', elevation: 'dem' },
    green: 'green',
    day: { calendar: 'dayNumber' },
  },
  split: { by: 'place', folds: 3 },
  learner: { type: 'forest', treeCount: 10, minLeafSize: 3 },
  product: { period: { from: '2011-05-03', to: '2011-05-05' } },
}
