export { krigeAreas } from './area-kriging.ts'
export type { AreaKrigingSettings, AreaLattice, AreaMeans, AreaTargets } from './area-kriging.ts'
export { krigeCells, prepareKriging } from './kriging.ts'
export type { KrigingCells, KrigingHandle, KrigingSettings, KrigingStations, PreparedKriging } from './kriging.ts'
export { nearestRow } from './nearest-row.ts'
export type { NearestRows } from './nearest-row.ts'
export { predictSvr, trainSvr } from './svr.ts'
export type { SvrNumbers, SvrOptions, TrainedSvr } from './svr.ts'
export { NativeError } from './binary.ts'
export type { RunOptions } from './binary.ts'
export {
  assembleForest,
  decodeForest,
  describeForest,
  encodeForest,
  partsOfForest,
  predictForest,
  predictIntervals,
  trainBoosted,
  trainForest,
} from './forest.ts'
export type {
  Aggregate,
  BoostOptions,
  BoostResult,
  ForestDescription,
  ForestHandle,
  ForestParts,
  IntervalArrays,
  PredictOptions,
  TrainOptions,
  TrainResult,
} from './forest-types.ts'
export { crashForTest, limitDataBytes, setParentDeathSignal } from './process.ts'
