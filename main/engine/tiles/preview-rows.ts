import { LoamError } from '../../contract/index.ts'
import type { Day, Grid, GridWindow } from '../../contract/index.ts'
import type { Field } from '../fields/index.ts'
import { Random } from '../numeric/index.ts'
import type { Plan, RunFields } from '../runs/index.ts'
import {
  joinSamples,
  locateStations,
  rowCount,
  rowsFromRaster,
  rowsFromStations,
  withoutTestPart,
} from '../samples/index.ts'
import type { SampleTable } from '../samples/index.ts'

/** A few of a recipe's training rows. */
export interface PreviewRows {
  readonly table: SampleTable
  /** Dates that rows were taken from, of all training dates. */
  readonly days: number
  readonly daysOf: number
  /** Places × dates with a target in the whole recipe; of a raster target every cell on every date. */
  readonly rowsOf: number
}

/** Reading is what takes time, a date at a time; so few dates bound it. */
const mostDays = { stations: 48, raster: 12 }
/** Stations are read in batches of dates until there are rows enough. */
const daysAtOnce = 8
/** Candidates looked at for each row wanted: some lack a predictor. */
const spare = 1.5

/** Draws at most `rows` training rows outside the sealed test part, dates first, with the recipe's seed. The draw depends on dates, grids and seed only, so a
 *  change of predictors or learner keeps the rows.
 *  @param predictors the recipe's, in order */
export async function previewRows(
  plan: Omit<Plan, 'id'>,
  fields: Pick<RunFields, 'target' | 'targetTable' | 'weight'>,
  predictors: readonly Field[],
  rows: number,
  signal?: AbortSignal,
): Promise<PreviewRows> {
  const { recipe, fineGrid, trainingGrid, trainingDays } = plan
  const { weight } = fields
  const order = new Random(recipe.seed).shuffle(Uint32Array.from(trainingDays.keys()))
  const shuffled = Array.from(order, (i) => trainingDays[i])
  const parts: SampleTable[] = []
  if (fields.targetTable) {
    const table = fields.targetTable
    const drawn = shuffled.slice(0, mostDays.stations)
    let read = 0
    for (let found = 0; read < drawn.length && found < rows; read += daysAtOnce) {
      const days = drawn.slice(read, read + daysAtOnce)
      const part = await rowsFromStations({ table, predictors, weight, fineGrid, days, signal })
      found += rowCount(part)
      parts.push(part)
    }
    const known = new Set<Day>(trainingDays)
    const rowsOf = locateStations(table, fineGrid).placed.reduce(
      (sum, { station }) =>
        sum +
        table.days.filter((day, i) => known.has(day) && !Number.isNaN(table.values[station * table.days.length + i]))
          .length,
      0,
    )
    const days = Math.min(read, drawn.length)
    return { table: join(parts), days, daysOf: trainingDays.length, rowsOf }
  }
  const grid = trainingGrid
  if (!grid || !fields.target)
    throw new LoamError('internal', 'The recipe has neither a raster nor stations as target.')
  const drawn = shuffled.slice(0, mostDays.raster)
  const target = fields.target
  for (const day of drawn)
    for (const window of windowsOn(grid, Math.ceil((spare * rows) / drawn.length), new Random(recipe.seed, 1)))
      parts.push(await rowsFromRaster({ target, predictors, weight, grid, window, day, crs: fineGrid.crs, signal }))
  const rowsOf = grid.rows * grid.cols * trainingDays.length
  return { table: join(parts), days: drawn.length, daysOf: trainingDays.length, rowsOf }

  function join(tables: readonly SampleTable[]): SampleTable {
    const open = tables.map((each) => withoutTestPart(each, recipe.split.test))
    return joinSamples(open, { maxRows: rows, seed: recipe.seed })
  }
}

/** Parts of a training grid with about so many cells: the whole of a small one, else one window in each quarter, the same on
 *  every date. */
export function windowsOn(grid: Grid, cells: number, random: Random): GridWindow[] {
  if (grid.rows * grid.cols <= 2 * cells) return [{ grid, row: 0, col: 0, rows: grid.rows, cols: grid.cols }]
  const side = Math.ceil(Math.sqrt(cells / 4))
  const halves = (whole: number): [from: number, size: number][] => {
    const half = whole >> 1
    const second: [number, number] = [half, whole - half]
    return half === 0 ? [second] : [[0, half], second]
  }
  return halves(grid.rows).flatMap(([row, rows]) =>
    halves(grid.cols).map(([col, cols]) => {
      const size = { rows: Math.min(side, rows), cols: Math.min(side, cols) }
      return {
        grid,
        row: row + random.below(rows - size.rows + 1),
        col: col + random.below(cols - size.cols + 1),
        ...size,
      }
    }),
  )
}
