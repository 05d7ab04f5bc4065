export type { DailyTable } from './daily-table.ts'
