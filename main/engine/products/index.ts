export { modelField } from './model-field.ts'
export { predictWithIntervals, readIntervals } from './read-intervals.ts'
export {
  closureLayer,
  dissimilarityLayer,
  intervalLayers,
  layerPath,
  layerQuantity,
  productLayers,
  publishedLayers,
} from './map-layers.ts'
export type { MapLayer } from './map-layers.ts'
export { qmlStyle, sldStyle, styleOfQuantity } from './map-style.ts'
export type { MapStyle } from './map-style.ts'
export { createLayeredMap } from './layered-map.ts'
export { smoothedTo, valuesAtPoints } from './coarse-values.ts'
export { stacItem } from './stac-item.ts'
export type { StacItemOptions, StacLayer } from './stac-item.ts'
export { predictStack, predictStacks } from './predict-stack.ts'
export type { PredictedStack, PredictStackOptions, PredictStacksOptions, StackToMap } from './predict-stack.ts'
export { correctionOf, residualField, residualWords, settingsForHash } from './residual-field.ts'
export type { CorrectedDay, DayCorrection, ResidualField, ResidualInputs, ResidualSettings } from './residual-field.ts'
export { closureFault } from './closure-gate.ts'
export type { OpenCells } from './closure-gate.ts'
export { downscaleFile } from './downscale-file.ts'
export type { DownscaledFile, DownscaleOptions } from './downscale-file.ts'
