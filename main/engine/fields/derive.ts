import { LoamError, reasonCodes } from '../../contract/index.ts'
import type { Block, Day, Grid, GridWindow } from '../../contract/index.ts'
import { isGeographic, metresPerUnit } from '../raster/index.ts'
import { readAs } from './compiled-field.ts'
import type { CompiledField, Compiling, FieldParts, Times } from './compiled-field.ts'

type Inherited = Pick<FieldParts, 'times' | 'nativeGrid' | 'statedFraction' | 'isUniform' | 'absence'>

/** What a field made cell by cell from others takes over from them: the finest grid, the dates they share, the
 *  strictest valid fraction that one of them states, and the reason of the first one absent on a day.
 *  @throws no_dates when two inputs have no date in common */
export function inherit(inputs: readonly CompiledField[], at: Compiling): Inherited {
  const stated = inputs.map((input) => input.statedFraction ?? -1)
  const strictest = Math.max(-1, ...stated)
  return {
    times: sharedTimes(inputs, at),
    nativeGrid: finestGrid(inputs),
    statedFraction: strictest < 0 ? null : strictest,
    isUniform: inputs.every((input) => input.isUniform),
    absence: (day) => {
      for (const input of inputs) {
        const reason = input.absence(day)
        if (reason !== reasonCodes.none) return reason
      }
      return reasonCodes.none
    },
  }
}

/** All inputs on one window, each brought there by its own kind. */
export function readInputs(
  inputs: readonly CompiledField[],
  window: GridWindow,
  day: Day,
  signal?: AbortSignal,
): Promise<Block[]> {
  return Promise.all(inputs.map((input) => readAs(input, input.kind, window, day, signal)))
}

function sharedTimes(inputs: readonly CompiledField[], at: Compiling): Times {
  const dated = inputs.filter((input) => Array.isArray(input.times))
  if (dated.length === 0) return inputs.some((input) => input.times === 'any') ? 'any' : 'static'
  let days = dated[0].times as readonly Day[]
  for (const input of dated.slice(1)) {
    const own = new Set(input.times as readonly Day[])
    days = days.filter((day) => own.has(day))
  }
  if (days.length === 0)
    throw new LoamError(
      'no_dates',
      `Field "${at.path}": its inputs have no date in common: ${dated.map(describeTimes).join('; ')}. A value needs all of them on the same date; fill one in time (fillInTime) or mend the dates.`,
      { field: at.path },
    )
  return days
}

function describeTimes(field: CompiledField): string {
  const days = field.times as readonly Day[]
  return `"${field.name}" has ${days.length} from ${days[0]} to ${days.at(-1)}`
}

/** The grid with the smallest cells on the ground; of equal ones the first. */
function finestGrid(inputs: readonly CompiledField[]): Grid | null {
  let finest: Grid | null = null
  let smallest = Number.POSITIVE_INFINITY
  for (const { nativeGrid } of inputs) {
    if (nativeGrid === null) continue
    const area = cellArea(nativeGrid)
    // Rounding of a transform must not make the second of two equal grids the finer one.
    if (area < smallest * (1 - 1e-6)) {
      finest = nativeGrid
      smallest = area
    }
  }
  return finest
}

const metresPerDegree = 111_195

/** Area of a cell at the middle of the grid, m²; enough to tell which grid is finer. */
function cellArea(grid: Grid): number {
  const [, width, , top, , height] = grid.transform
  const area = Math.abs(width * height)
  if (!isGeographic(grid.crs)) return area * metresPerUnit(grid.crs) ** 2
  const latitude = top + (height * grid.rows) / 2
  return area * metresPerDegree ** 2 * Math.max(0.01, Math.cos((latitude * Math.PI) / 180))
}

/** Size of a cell in words: `10 m`, `0.05°`. */
export function cellText(grid: Grid): string {
  const isAngle = isGeographic(grid.crs)
  const unit = isAngle ? '°' : ' m'
  const length = isAngle ? 1 : metresPerUnit(grid.crs)
  const width = Number(Math.abs(grid.transform[1] * length).toPrecision(4))
  const height = Number(Math.abs(grid.transform[5] * length).toPrecision(4))
  return width === height ? `${width}${unit}` : `${width} × ${height}${unit}`
}
