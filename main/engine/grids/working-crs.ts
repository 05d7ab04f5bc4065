import type { CrsChoice, RasterDataset, StationSet } from '../../contract/index.ts'
import { crsName, gridExtent, isGeographic, metresPerUnit } from '../raster/index.ts'
import type { Extent } from '../raster/index.ts'
import { extentIn } from './outline.ts'

type Source = Pick<RasterDataset, 'name' | 'grid'>
type Places = Pick<StationSet, 'name' | 'crs' | 'stations'>

/** Wider than this, degrees, a UTM zone stretches lengths by more than a thousandth at the edges. */
const widestForUtm = 9

/** CRSs to work in, best first: the one of the finest data where it is metric, so that they are not warped, else a UTM zone, or
 *  an equal-area one for half a continent. None without data. */
export function workingCrs(datasets: readonly Source[], sets: readonly Places[]): CrsChoice[] {
  const choices: CrsChoice[] = []
  const add = (crs: string, reason: string): void => {
    if (choices.some((each) => each.crs === crs)) return
    const isMetric = !isGeographic(crs) && metresPerUnit(crs) === 1
    choices.push({ crs, name: crsName(crs), reason, isMetric })
  }
  const metric = datasets.filter(({ grid }) => !isGeographic(grid.crs) && metresPerUnit(grid.crs) === 1)
  const [finest] = [...metric].sort((a, b) => cellArea(a) - cellArea(b))
  const extent = geographicExtent(datasets, sets)
  const local = extent ? localCrs(extent) : null
  const isFinestOfAll = finest !== undefined && datasets.every((each) => cellMetres(each) >= cellMetres(finest) * 0.999)
  if (finest && (isFinestOfAll || !local))
    add(finest.grid.crs, `${finest.name}, the finest data, is in it, so it is not warped.`)
  if (local) add(local.crs, local.reason)
  for (const { name, grid } of metric) add(grid.crs, `${name} is in it.`)
  for (const { name, crs } of sets) if (crs !== '' && !isGeographic(crs)) add(crs, `Stations of ${name} are in it.`)
  for (const { name, grid } of datasets)
    if (isGeographic(grid.crs)) add(grid.crs, `${name} is in it. Degrees are no lengths: cells differ in area.`)
  return choices
}

function localCrs([west, south, east, north]: Extent): { crs: string; reason: string } {
  if (east - west > widestForUtm)
    return {
      crs: 'EPSG:6933',
      reason: `The area is ${Math.round(east - west)}° wide, too much for one zone; this projection keeps areas.`,
    }
  const zone = Math.min(60, Math.max(1, Math.floor(((west + east) / 2 + 180) / 6) + 1))
  const isNorth = (south + north) / 2 >= 0
  return {
    crs: `EPSG:${(isNorth ? 32600 : 32700) + zone}`,
    reason: `UTM zone ${zone}${isNorth ? 'N' : 'S'} holds the middle of the data; lengths are in metres.`,
  }
}

/** [west, south, east, north] in degrees of everything that has a place; null when nothing has. */
export function geographicExtent(datasets: readonly Source[], sets: readonly Places[]): Extent | null {
  const all: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  const take = (extent: Extent | null): void => {
    if (!extent) return
    all[0] = Math.min(all[0], extent[0])
    all[1] = Math.min(all[1], extent[1])
    all[2] = Math.max(all[2], extent[2])
    all[3] = Math.max(all[3], extent[3])
  }
  // The middle of the finest data counts: a global product would draw it elsewhere.
  const [finest] = [...datasets].sort((a, b) => cellMetres(a) - cellMetres(b))
  if (finest) take(extentIn(finest.grid.crs, gridExtent(finest.grid), 'EPSG:4326'))
  else for (const set of sets) take(extentOfStations(set, 'EPSG:4326'))
  return all[0] <= all[2] ? all : null
}

/** The extent of a set's places in a CRS; null when it has none. */
export function extentOfStations({ crs, stations }: Places, to: string): Extent | null {
  const placed = stations.filter(({ x, y }) => x !== null && y !== null)
  if (crs === '' || placed.length === 0) return null
  const xs = placed.map(({ x }) => x as number)
  const ys = placed.map(({ y }) => y as number)
  const own: Extent = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
  return extentIn(crs, own, to)
}

const cellArea = ({ grid }: Source): number => Math.abs(grid.transform[1] * grid.transform[5])

/** About the side of a cell in metres, to compare grids of any CRS. */
export function cellMetres({ grid }: Pick<Source, 'grid'>): number {
  const [, width, , top, , height] = grid.transform
  if (!isGeographic(grid.crs)) return Math.sqrt(Math.abs(width * height)) * metresPerUnit(grid.crs)
  const latitude = top + (height * grid.rows) / 2
  return Math.sqrt(Math.abs(width * height) * Math.cos((latitude * Math.PI) / 180)) * 111_320
}
