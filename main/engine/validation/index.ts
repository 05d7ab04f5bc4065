export { score } from './score.ts'
export type { ScoreOptions } from './score.ts'
