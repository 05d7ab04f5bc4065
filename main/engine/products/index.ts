export { modelField } from './model-field.ts'
export { smoothedTo, valuesAtPoints } from './coarse-values.ts'
export { stacItem } from './stac-item.ts'
export type { StacItemOptions } from './stac-item.ts'
