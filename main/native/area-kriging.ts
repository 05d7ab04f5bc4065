import { binary, run } from './binary.ts'
import type { RunOptions, Task, TaskOptions } from './binary.ts'

/** Means over areas, each a set of points with weights that sum to 1. Float64Arrays; see kernel/area-kriging.hpp. */
export interface AreaMeans {
  /** [areas] */
  readonly values: Float64Array
  /** [areas + 1]: the points of area i are [starts[i], starts[i + 1]). */
  readonly starts: Float64Array
  readonly x: Float64Array
  readonly y: Float64Array
  readonly weight: Float64Array
}

/** What to predict, in groups that share one neighbourhood. */
export interface AreaTargets {
  /** Points. */
  readonly x: Float64Array
  readonly y: Float64Array
  /** [targets + 1]: a target is the mean of its points; null: each point is a target. */
  readonly starts: Float64Array | null
  /** [groups + 1], counted in targets. */
  readonly groupStarts: Float64Array
  /** [groups]: the area the group lies in; −1 for none. */
  readonly own: Float64Array
  /** Saves most of the work where cells repeat; the result is the same to rounding. */
  readonly lattice?: AreaLattice
}

/** What repeats when areas and targets lie on a lattice; see kernel/area-kriging.hpp. Float64Arrays. */
export interface AreaLattice {
  /** Steps of a column and of a row. */
  readonly width: number
  readonly height: number
  /** Middle of row 0. */
  readonly firstY: number
  /** [areas]: NaN where it is not a whole cell. */
  readonly areaRow: Float64Array
  readonly areaCol: Float64Array
  /** [groups]: NaN where it is not in a cell. */
  readonly groupRow: Float64Array
  readonly groupCol: Float64Array
  /** [targets]: which slot of a whole cell. */
  readonly slot: Float64Array
  /** Points of the slots from the centre of the cell, some for each. */
  readonly slotX: Float64Array
  readonly slotY: Float64Array
  readonly pointsPerSlot: number
  /** Points of a whole area from its centre. */
  readonly pointX: Float64Array
  readonly pointY: Float64Array
  readonly pointWeight: Float64Array
}

export interface AreaKrigingSettings {
  /** Nearest areas of each group, its own always among them; 0 for all. */
  readonly neighbours: number
  /** A group's own area is the mean of its targets, which then average to its value. */
  readonly ownIsItsTargets: boolean
  /** Coordinates are degrees. */
  readonly isGeographic: boolean
}

/** What the binary offers of kriging areas. */
interface AreaKrigingBinary {
  krigeAreas(
    areas: AreaMeans,
    model: Float64Array,
    targets: AreaTargets & { readonly starts: Float64Array },
    prediction: Float64Array,
    variance: Float64Array,
    options: TaskOptions & AreaKrigingSettings,
  ): Task<void>
}

const native = (): AreaKrigingBinary => binary<AreaKrigingBinary>()

/** Kriges means over areas to points or areas, in place.
 *  @param model six numbers for each part of the variogram: shape code, partial sill, range, smoothness, angle, ratio
 *  @param prediction Float64Array[targets]
 *  @param variance Float64Array[targets], or null to save work
 *  @throws NativeError bad_input, too_few_rows, cancelled, out_of_memory
 *  The arrays must not be changed or transferred before the promise is settled. */
export async function krigeAreas(
  areas: AreaMeans,
  model: Float64Array,
  targets: AreaTargets,
  prediction: Float64Array,
  variance: Float64Array | null,
  settings: AreaKrigingSettings & RunOptions,
): Promise<void> {
  const { neighbours, ownIsItsTargets, isGeographic } = settings
  if (!Number.isSafeInteger(neighbours) || neighbours < 0)
    throw new TypeError('neighbours needs to be a whole number >= 0')
  const starts = targets.starts ?? new Float64Array(0)
  const columns = [...Object.values(areas), targets.x, targets.y, starts, targets.groupStarts, targets.own]
  if (targets.lattice) columns.push(...Object.values(targets.lattice).filter((value) => typeof value !== 'number'))
  for (const column of [...columns, model, prediction, ...(variance ? [variance] : [])])
    if (!(column instanceof Float64Array)) throw new TypeError('every column needs to be a Float64Array')
  if (model.length === 0 || model.length % 6 !== 0) throw new TypeError('model needs six values for each part')
  const own = { neighbours, ownIsItsTargets, isGeographic }
  await run(settings, (task) =>
    native().krigeAreas(areas, model, { ...targets, starts }, prediction, variance ?? new Float64Array(0), {
      ...task,
      ...own,
    }),
  )
}
