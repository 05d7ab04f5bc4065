export { StationLog } from './StationLog.tsx'
