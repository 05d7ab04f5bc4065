import type { Endpoints } from '../../contract/index.ts'
import type { Routes } from '../routes.ts'
import { projectRoutes } from './project.ts'
import { recipeRoutes } from './recipe.ts'
import { runRoutes } from './runs.ts'
import { systemRoutes } from './system.ts'
import { taskRoutes } from './tasks.ts'
import { validationRoutes } from './validation.ts'

/** Handlers of all rows of the endpoint table. */
export const routes: Partial<Routes<Endpoints>> = {
  ...systemRoutes,
  ...projectRoutes,
  ...taskRoutes,
  ...runRoutes,
  ...recipeRoutes,
  ...validationRoutes,
}
