import { checkColumns } from './binary.ts'
import type { Task, TaskOptions } from './binary.ts'

/** Rows that distances are measured to; coordinate a of a cell is (predictors[a] − means[a]) × scales[a]. */
export interface NearestRows {
  /** Float64Array[rows × axes], row by row, finite. */
  readonly rows: Float64Array
  readonly means: Float64Array
  readonly scales: Float64Array
}

export interface NearestRowBinary {
  nearestRow(
    rows: NearestRows,
    predictors: Float32Array[],
    out: Float32Array,
    options: TaskOptions & { unit: number },
  ): Task<void>
}

type RunTask<Options> = <T>(options: Options, start: (options: TaskOptions) => Task<T>) => Promise<T>

/** The door to nearest rows, made of the binary and of what runs its tasks (see kriging.ts). */
export function nearestRowDoors<Options>(binary: () => NearestRowBinary, run: RunTask<Options>) {
  return {
    /** Distance from each cell to the nearest row, in `unit`.
     *  @param predictors one Float32Array[cells] for each axis
     *  @returns Float32Array[cells]; NaN where a predictor is NaN
     *  @throws NativeError bad_input, cancelled, out_of_memory
     *  The arrays must not be changed or transferred before the promise is settled. */
    async nearestRow(
      rows: NearestRows,
      predictors: readonly Float32Array[],
      settings: Options & { readonly unit: number },
    ): Promise<Float32Array<ArrayBuffer>> {
      const out = new Float32Array(predictors[0]?.length ?? 0)
      checkColumns(predictors, out.length)
      await run(settings, (task) => binary().nearestRow(rows, [...predictors], out, { ...task, unit: settings.unit }))
      return out
    },
  }
}
