export { packProject } from './pack-project.ts'
export type { PackReport } from './pack-project.ts'
export { planPack } from './plan-pack.ts'
export type { LeftOutside, PackedData, PackedFile, PackPlan } from './plan-pack.ts'
