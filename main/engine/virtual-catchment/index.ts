export { generateVirtualCatchment } from './generate.ts'
export type { VirtualCatchment, VirtualCatchmentOptions } from './generate.ts'
export { virtualCatchmentSources } from './sources.ts'
export type { StationTableSource } from './sources.ts'
