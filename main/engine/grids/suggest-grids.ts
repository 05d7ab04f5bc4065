import type { Day, GridSpec, GridSuggestion, RasterDataset, StationSet } from '../../contract/index.ts'
import { cellText } from '../catalog/index.ts'
import { gridExtent, gridFromExtent, gridInCrs } from '../raster/index.ts'
import type { Extent } from '../raster/index.ts'
import { extentIn } from './outline.ts'
import { cellMetres, extentOfStations, workingCrs } from './working-crs.ts'

interface Sources {
  readonly datasets: readonly RasterDataset[]
  readonly sets: readonly StationSet[]
  /** First and last day of each station set. */
  readonly periods: readonly { readonly from: Day; readonly to: Day }[]
}

/** Working CRS, fine grid, area and period that the data at hand suggest.
 *  @param chosen the CRS that was chosen already */
export function suggestGrids({ datasets, sets, periods }: Sources, chosen: string | null): GridSuggestion {
  const crs = workingCrs(datasets, sets)
  const to = chosen ?? crs[0]?.crs ?? null
  const [finest] = [...datasets].sort((a, b) => cellMetres(a) - cellMetres(b))
  const area = to === null ? null : areaOf(datasets, sets, finest, to)
  return {
    crs,
    fine: finest && to !== null ? fineGrid(finest, to) : null,
    area: area?.extent ?? null,
    areaReason: area?.reason ?? '',
    ...periodOf(datasets, periods),
  }
}

function fineGrid(finest: RasterDataset, crs: string): GridSuggestion['fine'] {
  if (finest.grid.crs === crs)
    return {
      spec: { like: finest.name },
      grid: finest.grid,
      reason: `The cells of ${finest.name} (${cellText(finest.grid)}), the finest data: they are read as they are.`,
    }
  const moved = gridInCrs(finest.grid, crs)
  const cellSize = roundCell(moved.transform[1])
  const [west, south, east, north] = gridExtent(moved)
  const snap = (value: number, round: (x: number) => number): number => round(value / cellSize) * cellSize
  const extent: [number, number, number, number] = [
    snap(west, Math.floor),
    snap(south, Math.floor),
    snap(east, Math.ceil),
    snap(north, Math.ceil),
  ]
  const spec: GridSpec = { crs, cellSize, extent }
  return {
    spec,
    grid: gridFromExtent(crs, cellSize, extent),
    reason: `Cells of about the size of ${finest.name} (${cellText(finest.grid)}), on round coordinates of the working CRS.`,
  }
}

/** The nearest of 1, 2, 2.5, 3, 5 times a power of ten: cell sizes people can read. */
function roundCell(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size))
  const [best] = [1, 2, 2.5, 3, 5, 10].sort(
    (a, b) => Math.abs(Math.log((a * power) / size)) - Math.abs(Math.log((b * power) / size)),
  )
  return best * power
}

function areaOf(
  datasets: readonly RasterDataset[],
  sets: readonly StationSet[],
  finest: RasterDataset | undefined,
  crs: string,
): { extent: [number, number, number, number]; reason: string } | null {
  if (!finest) {
    const [set] = sets
    const found = set ? extentOfStations(set, crs) : null
    if (!found) return null
    const margin = Math.max(found[2] - found[0], found[3] - found[1]) * 0.1 || 1000
    return {
      extent: [found[0] - margin, found[1] - margin, found[2] + margin, found[3] + margin],
      reason: `Around the stations of ${set.name}.`,
    }
  }
  const whole = extentIn(finest.grid.crs, gridExtent(finest.grid), crs)
  if (!whole) return null
  let extent: [number, number, number, number] = whole
  const cut: string[] = [finest.name]
  for (const { name, grid } of datasets) {
    const other = extentIn(grid.crs, gridExtent(grid), crs)
    const both: [number, number, number, number] | null = other && overlap(extent, other)
    if (!both || sameExtent(both, extent)) continue
    extent = both
    cut.push(name)
  }
  return {
    extent,
    reason: cut.length === 1 ? `The extent of ${cut[0]}.` : `Where ${cut.join(', ')} overlap.`,
  }
}

function overlap(a: Extent, b: Extent): [number, number, number, number] | null {
  const both: [number, number, number, number] = [
    Math.max(a[0], b[0]),
    Math.max(a[1], b[1]),
    Math.min(a[2], b[2]),
    Math.min(a[3], b[3]),
  ]
  return both[0] < both[2] && both[1] < both[3] ? both : null
}

const sameExtent = (a: Extent, b: Extent): boolean =>
  a.every((value, i) => Math.abs(value - b[i]) <= 1e-3 * Math.abs(a[2] - a[0]))

function periodOf(
  datasets: readonly RasterDataset[],
  stations: Sources['periods'],
): Pick<GridSuggestion, 'period' | 'periodReason'> {
  const spans = datasets.flatMap(({ scenes }) => {
    const days = scenes.flatMap(({ day }) => (day === null ? [] : [day])).sort()
    return days.length > 1 ? [{ from: days[0], to: days[days.length - 1] }] : []
  })
  const all = spans.length > 0 ? spans : [...stations]
  if (all.length === 0) return { period: null, periodReason: '' }
  const from = all.map((span) => span.from).sort()[all.length - 1]
  const to = all.map((span) => span.to).sort()[0]
  if (from <= to)
    return {
      period: { from, to },
      periodReason: all.length > 1 ? 'All dated data cover it.' : 'The dated data cover it.',
    }
  const [first] = all
  return { period: { from: first.from, to: first.to }, periodReason: 'The data have no common period; this is of one.' }
}
