import { LoamError, hasValue } from '../../contract/index.ts'
import type { Day, Grid } from '../../contract/index.ts'
import type { Field } from '../fields/index.ts'
import { hashJson } from '../files/index.ts'
import { gridInCrs } from '../raster/index.ts'

/** a − b on the finer of their grids, each brought there by its own kind. Angles differ by −180 to 180°. A cell without a
 *  value in one has the reason of that one, of a first.
 *  @throws unit_mismatch when their units differ; bad_recipe for classes, or when neither has a grid */
export function differenceField(a: Field, b: Field): Field {
  if (a.unit !== b.unit && a.unit !== '' && b.unit !== '')
    throw new LoamError(
      'unit_mismatch',
      `"${a.name}" is in "${a.unit}" and "${b.name}" in "${b.unit}"; a difference needs one unit. Bring one of them to the other's with a formula.`,
      { a: a.unit, b: b.unit },
    )
  if (a.kind === 'categorical' || b.kind === 'categorical')
    throw new LoamError(
      'bad_recipe',
      `"${a.kind === 'categorical' ? a.name : b.name}" holds classes, whose numbers have no difference. Choose two quantities.`,
    )
  const grid = finer(a.nativeGrid, b.nativeGrid)
  if (!grid)
    throw new LoamError('bad_recipe', `Neither "${a.name}" nor "${b.name}" has a grid to draw the difference on.`)
  const isCircular = a.kind === 'circular' && b.kind === 'circular'
  const identity = { form: 'difference/1', grid, isCircular }
  return {
    id: hashJson({ ...identity, a: a.id, b: b.id }),
    idOn: (day) => hashJson({ ...identity, a: a.idOn(day), b: b.idOn(day) }),
    name: `${a.name} − ${b.name}`,
    unit: a.unit || b.unit,
    kind: 'continuous',
    times: sharedTimes(a, b),
    nativeGrid: grid,
    lineage: `${a.lineage}, minus ${b.lineage}`,
    async read(window, day, options) {
      const [minuend, subtrahend] = await Promise.all([a.read(window, day, options), b.read(window, day, options)])
      const values = new Float32Array(window.rows * window.cols)
      const reasons = new Uint8Array(values.length)
      for (let i = 0; i < values.length; i++) {
        const [own, other] = [minuend.reasons[i], subtrahend.reasons[i]]
        // A reason for no value goes before one that warns of a value.
        reasons[i] = hasValue(own) && !hasValue(other) ? other : own || other
        const difference = minuend.values[i] - subtrahend.values[i]
        values[i] = !hasValue(reasons[i])
          ? Number.NaN
          : isCircular
            ? ((((difference + 180) % 360) + 360) % 360) - 180
            : difference
      }
      return { rows: window.rows, cols: window.cols, values, reasons }
    },
  }
}

function finer(a: Grid | null, b: Grid | null): Grid | null {
  if (!a || !b) return a ?? b
  const area = (grid: Grid): number => Math.abs(grid.transform[1] * grid.transform[5])
  return area(gridInCrs(b, a.crs)) < area(a) * (1 - 1e-6) ? b : a
}

/** Dates on which there can be a difference. */
function sharedTimes(a: Field, b: Field): Field['times'] {
  if (typeof a.times === 'string' && typeof b.times === 'string') return a.times === 'static' ? b.times : a.times
  if (typeof a.times === 'string') return b.times
  if (typeof b.times === 'string') return a.times
  const own = new Set<Day>(b.times)
  return a.times.filter((day) => own.has(day))
}
