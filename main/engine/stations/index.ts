export type { DailyTable } from './daily-table.ts'
export { toDaily } from './to-daily.ts'
export type { DailyOptions } from './to-daily.ts'
