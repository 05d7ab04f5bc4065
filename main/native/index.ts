import { binary, run } from './binary.ts'
import type { RunOptions } from './binary.ts'
import { areaKrigingDoors } from './area-kriging.ts'
import type { AreaKrigingBinary } from './area-kriging.ts'
import { nearestRowDoors } from './nearest-row.ts'
import type { NearestRowBinary } from './nearest-row.ts'
import { krigingDoors } from './kriging.ts'
import type { KrigingBinary } from './kriging.ts'
import { svrDoors } from './svr.ts'
import type { SvrBinary } from './svr.ts'

export type { AreaKrigingSettings, AreaLattice, AreaMeans, AreaTargets } from './area-kriging.ts'
export type { KrigingCells, KrigingHandle, KrigingSettings, KrigingStations, PreparedKriging } from './kriging.ts'
export type { NearestRows } from './nearest-row.ts'
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

/** Kriging; see kriging.ts. */
export const { prepareKriging, krigeCells } = krigingDoors<RunOptions>(binary<KrigingBinary>, run)
/** Kriging from means over areas; see area-kriging.ts. */
export const { krigeAreas } = areaKrigingDoors<RunOptions>(binary<AreaKrigingBinary>, run)
/** Distances to the nearest of many rows; see nearest-row.ts. */
export const { nearestRow } = nearestRowDoors<RunOptions>(binary<NearestRowBinary>, run)
/** Support vector regression; see svr.ts. */
export const { trainSvr, predictSvr } = svrDoors<RunOptions>(binary<SvrBinary>, run)
