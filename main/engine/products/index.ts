export { modelField } from './model-field.ts'
export { smoothedTo, valuesAtPoints } from './coarse-values.ts'
