export {
  fitModel,
  isTuned,
  learners,
  modelBytesAtMost,
  stopsEarly,
  treesOf,
  withTrees,
  workOf,
  withoutSearch,
  withoutTuning,
} from './fit-model.ts'
export { searchWords, tuningSentences } from './tuning/tuning-sentences.ts'
export { modelWords } from './model-words.ts'
export { ModelInfo } from './model.ts'
export type { FitOptions, Intervals, Learner, Model, PredictOptions, TrainingRows } from './model.ts'
export { decodeModel, readModelFile, writeModelFile } from './model-file.ts'
export { importMlRandomForest } from './interchange/import-ml-random-forest.ts'
export { importModel, importModelFile } from './interchange/import-model.ts'
export type { ImportedModel } from './interchange/import-model.ts'
export { exportOnnx, exportOnnxFile } from './interchange/export-onnx.ts'
export { foreignFormats } from './interchange/complaints.ts'
export type { ForeignFormat } from './interchange/complaints.ts'
export { limitDataBytes } from '../../native/index.ts'
export { leaveWithParent } from './leave-with-parent.ts'
export { trainFromTable } from './train-from-table.ts'
export type { TrainedFromTable, TrainFromTableOptions } from './train-from-table.ts'
export { applyToTable } from './apply-to-table.ts'
export type { AppliedToTable, ApplyToTableOptions } from './apply-to-table.ts'
export { rowsForModel } from './rows-for-model.ts'
