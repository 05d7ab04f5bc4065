export { understandRasters } from './understand-rasters.ts'
export type { UnderstandOptions, VariableOverrides } from './understand-rasters.ts'
