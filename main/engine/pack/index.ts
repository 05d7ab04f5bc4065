export { packProject } from './pack-project.ts'
export { planPack } from './plan-pack.ts'
export type { PackedFile } from './packed-file.ts'
export type { PackPlan } from './plan-pack.ts'
