import type { Endpoints } from '../../contract/index.ts'
import type { Routes } from '../routes.ts'
import { crsRoutes } from './crs.ts'
import { inspectRoutes } from './inspect.ts'
import { mapRoutes } from './map.ts'
import { datasetRoutes } from './datasets.ts'
import { gridRoutes } from './grids.ts'
import { projectRoutes } from './project.ts'
import { recipeRoutes } from './recipe.ts'
import { reportRoutes } from './report.ts'
import { runRoutes } from './runs.ts'
import { stationRoutes } from './stations.ts'
import { systemRoutes } from './system.ts'
import { taskRoutes } from './tasks.ts'
import { validationRoutes } from './validation.ts'

/** Handlers of all rows of the endpoint table. */
export const routes: Routes<Endpoints> = {
  ...systemRoutes,
  ...projectRoutes,
  ...taskRoutes,
  ...datasetRoutes,
  ...stationRoutes,
  ...gridRoutes,
  ...runRoutes,
  ...reportRoutes,
  ...mapRoutes,
  ...crsRoutes,
  ...inspectRoutes,
  ...recipeRoutes,
  ...validationRoutes,
}
