import { binary, checkColumns, run } from './binary.ts'
import type { RunOptions, Task, TaskOptions } from './binary.ts'

/** Rows that distances are measured to; coordinate a of a cell is (predictors[a] − means[a]) × scales[a]. */
export interface NearestRows {
  /** Float64Array[rows × axes], row by row, finite. */
  readonly rows: Float64Array
  readonly means: Float64Array
  readonly scales: Float64Array
}

interface NearestRowBinary {
  nearestRow(
    rows: NearestRows,
    predictors: Float32Array[],
    out: Float32Array,
    options: TaskOptions & { unit: number },
  ): Task<void>
}

const native = (): NearestRowBinary => binary<NearestRowBinary>()

/** Distance from each cell to the nearest row, in `unit`.
 *  @param predictors one Float32Array[cells] for each axis
 *  @returns Float32Array[cells]; NaN where a predictor is NaN
 *  @throws NativeError bad_input, cancelled, out_of_memory
 *  The arrays must not be changed or transferred before the promise is settled. */
export async function nearestRow(
  rows: NearestRows,
  predictors: readonly Float32Array[],
  settings: RunOptions & { readonly unit: number },
): Promise<Float32Array<ArrayBuffer>> {
  const out = new Float32Array(predictors[0]?.length ?? 0)
  checkColumns(predictors, out.length)
  await run(settings, (task) => native().nearestRow(rows, [...predictors], out, { ...task, unit: settings.unit }))
  return out
}
