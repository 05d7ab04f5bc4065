export { auditGrids } from './audit-grids.ts'
export { extentIn, outlineIn, outlineOf } from './outline.ts'
export { suggestGrids } from './suggest-grids.ts'
export { workingCrs } from './working-crs.ts'
