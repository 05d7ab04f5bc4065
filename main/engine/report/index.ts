export { writeReport } from './write-report.ts'
export type { ReportOptions } from './write-report.ts'
