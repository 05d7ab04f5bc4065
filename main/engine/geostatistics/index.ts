export {
  checkVariogram,
  parseVariogram,
  formatVariogram,
  semivariance,
  sillOf,
  variogramPart,
} from './variogram-model.ts'
export type { VariogramModel, VariogramPart } from './variogram-model.ts'
export { variogramShapes } from './variogram-shapes.ts'
export type { ShapeName, VariogramShape } from './variogram-shapes.ts'
export { averageDuplicates, duplicatePlaces } from './points.ts'
export type { PointValues } from './points.ts'
export { describeVariogram } from './describe-variogram.ts'
export { empiricalVariogram, pooledVariogram, variogramCloud } from './empirical-variogram.ts'
export type { CloudPair, EmpiricalOptions, EmpiricalVariogram, EstimatorName, LagBin } from './empirical-variogram.ts'
export { fitVariogram } from './fit-variogram.ts'
export type { FittedVariogram, PartToFit } from './fit-variogram.ts'
export { bestFit } from './best-fit.ts'
export { driftResiduals } from './drift-residuals.ts'
export { krige, krigingBytes, solveKriging } from './kriging.ts'
export type { KrigingOptions, KrigingResult, KrigingSystem, LeaveOneOut } from './kriging.ts'
export { candidateParts, chooseVariogram, leaveOneOut } from './cross-validation.ts'
export type { ChosenVariogram, LeaveOneOutScores } from './cross-validation.ts'
export { readPoints } from './read-points.ts'
export type { PointTable, ReadPoints } from './read-points.ts'
export { krigeToFile } from './krige-to-file.ts'
export type { KrigedFile, KrigeToFileOptions } from './krige-to-file.ts'
export { areaToPoint, mostNeighbours } from './area-to-point.ts'
export type { AreaKrigingOptions, AreaKrigingResult, AreaMeans, AreaTargets } from './area-to-point.ts'
export { deconvolveVariogram, regularisedSemivariance } from './deconvolve-variogram.ts'
export type { AreaShape, DeconvolvedVariogram } from './deconvolve-variogram.ts'
export { areaMeans, coarseCellsOf } from './coarse-cells.ts'
export type { CoarseCells } from './coarse-cells.ts'
export { latticeVariogram } from './lattice-variogram.ts'
export { residualVariogram } from './residual-variogram.ts'
export type { ResidualVariogram } from './residual-variogram.ts'
export { correctResidual, residualMethods } from './correct-residual.ts'
export type { Closure, Corrected, CorrectionOptions, ResidualMethod } from './correct-residual.ts'
