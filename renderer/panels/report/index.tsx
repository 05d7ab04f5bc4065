export { ReportLeft } from './ReportLeft.tsx'
export { ReportPage } from './ReportPage.tsx'
