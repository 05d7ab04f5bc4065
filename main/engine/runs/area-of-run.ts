import { LoamError } from '../../contract/index.ts'
import type { Split } from '../../contract/index.ts'
import { joinSamples, makeFolds, rowCount } from '../samples/index.ts'
import type { SampleTable } from '../samples/index.ts'
import { areaOfApplicability } from '../validation/index.ts'
import type { AreaOfApplicability } from '../validation/index.ts'

/** Training rows that dissimilarity is measured against, drawn with the run's seed. The threshold is found among as many, so that
 *  fewer rows make distances and threshold longer alike; docs/methods.md tells how much it matters. */
export const applicabilityRows = 2000

export interface AreaOfRun {
  readonly area: AreaOfApplicability
  /** Training rows there were. */
  readonly rowsOf: number
}

/** Area of applicability of a run's model, from a sample of its training rows, parted into the folds of its own split.
 *  @param importance of each predictor
 *  @returns null when it cannot be told: see `areaOfApplicability`, or the sample is too small for its folds
 *  @throws cancelled */
export async function areaOfRun(
  table: SampleTable,
  importance: readonly number[],
  { split, seed, ...run }: { split: Split; seed: number; threads: number; signal?: AbortSignal },
): Promise<AreaOfRun | null> {
  const sample = joinSamples([table], { maxRows: applicabilityRows, seed })
  try {
    const folds = makeFolds(sample, split, seed)
    const area = await areaOfApplicability({ columns: sample.columns, importance, folds, ...run })
    return area && { area, rowsOf: rowCount(table) }
  } catch (thrown) {
    if (thrown instanceof LoamError && thrown.code === 'too_few_rows') return null
    throw thrown
  }
}

type Stored = Pick<AreaOfApplicability, 'threshold' | 'meanDistance' | 'predictors'> & {
  readonly means: readonly number[]
  readonly scales: readonly number[]
  readonly rowsOf: number
}

/** As a part of the store: numbers of every predictor beside, rows in its bytes. */
export function encodeArea({ area, rowsOf }: AreaOfRun): { meta: Record<string, unknown>; payload: Uint8Array[] } {
  const { threshold, meanDistance, predictors, nearest } = area
  const [means, scales] = [Array.from(nearest.means), Array.from(nearest.scales)]
  const meta: Stored = { threshold, meanDistance, predictors, means, scales, rowsOf }
  const { buffer, byteOffset, byteLength } = nearest.rows
  return { meta: { ...meta }, payload: [new Uint8Array(buffer, byteOffset, byteLength)] }
}

/** Reads what `encodeArea` wrote. */
export function decodeArea({ meta, payload }: { readonly meta: unknown; readonly payload: Uint8Array }): AreaOfRun {
  const { threshold, meanDistance, predictors, means, scales, rowsOf } = meta as Stored
  // Copied: a payload may begin anywhere.
  const rows = new Float64Array(payload.slice().buffer)
  const nearest = { rows, means: Float64Array.from(means), scales: Float64Array.from(scales) }
  return { area: { threshold, meanDistance, predictors, nearest }, rowsOf }
}

/** Rows of a sample. */
export function rowsOfArea({ nearest }: AreaOfApplicability): number {
  return nearest.rows.length / nearest.means.length
}
