export { packProject } from './pack-project.ts'
export { planPack } from './plan-pack.ts'
export type { PackedFile, PackPlan } from './plan-pack.ts'
