export { auditGrids } from './audit-grids.ts'
export { extentIn, outlineIn, outlineOf } from './outline.ts'
export { suggestGrids } from './suggest-grids.ts'
export { cellMetres, workingCrs } from './working-crs.ts'
