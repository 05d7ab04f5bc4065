import type { LearnerSettings } from '../../contract/index.ts'
import { loamVersion } from '../files/index.ts'
import type { FitOptions, Model, ModelInfo, TrainingRows } from './model.ts'
import type { OwnRows } from './own-rows.ts'
import { permutedShare } from './permuted-share.ts'

/** Of a model whose rows were all seen, or that was trained elsewhere. */
export const noOutOfBag = { n: 0, rmse: Number.NaN, rSquared: Number.NaN }

/** What every model that is trained here says of where it comes from. */
export function modelHead<Settings extends LearnerSettings>(
  { predictors }: TrainingRows,
  settings: Settings,
  { seed, target }: FitOptions,
) {
  return {
    type: settings.type,
    trainedBy: 'loam',
    loamVersion: loamVersion(),
    predictors: [...predictors],
    target: target?.name ?? '',
    targetUnit: target?.unit ?? '',
    settings,
    seed,
  } satisfies Partial<ModelInfo>
}

/** A trained equation with all that is told of it: how it was `found`, and its importance, the rise of the squared error on training
 *  rows when a predictor is permuted.
 *  @param make the model of its info and arrays of numbers */
export async function describedEquation(
  make: (info: ModelInfo, arrays: readonly Float64Array[]) => Model,
  arrays: readonly Float64Array[],
  own: OwnRows,
  head: ReturnType<typeof modelHead>,
  { threads, signal }: FitOptions,
  found: Pick<ModelInfo, 'earlyStopping' | 'tuning'> = {},
): Promise<Model> {
  const importance = { impurity: [], permutation: [], permutationSd: [] }
  const info: ModelInfo = {
    ...head,
    rows: own.target.length,
    treeCount: 0,
    nodeCount: 0,
    ranges: own.ranges,
    outOfBag: noOutOfBag,
    importance,
    ...found,
  }
  const bare = make(info, arrays)
  const predict = (columns: Float32Array[], n: number): Promise<Float32Array> =>
    bare.predict(columns, n, threads, { signal })
  const impurity = await permutedShare(predict, own.columns, own.target, head.seed)
  return make({ ...info, importance: { ...importance, impurity } }, arrays)
}
