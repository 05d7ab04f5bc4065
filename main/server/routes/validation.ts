import type { validationEndpoints } from '../../contract/index.ts'
import type { Routes } from '../routes.ts'
import { errorsByPredictor } from '../errors-by-predictor.ts'
import { validationShelf } from '../validation-shelf.ts'
import { listValidations, stationComparison, validationPairs } from '../validation-view.ts'

export const validationRoutes: Routes<typeof validationEndpoints> = {
  listValidations({ params }, context) {
    const { folder } = context.engine().project.run(params.run)
    return listValidations(context.service(validationShelf), folder)
  },
  validationPairs({ params, body }, context) {
    const { folder } = context.engine().project.run(params.run)
    return validationPairs(context.service(validationShelf), folder, params.validation, body)
  },
  errorsByPredictor({ params, body }, context) {
    const { folder } = context.engine().project.run(params.run)
    return errorsByPredictor(context.service(validationShelf), folder, params.validation, body)
  },
  stationComparison({ params }, context) {
    const { folder } = context.engine().project.run(params.run)
    return stationComparison(context.service(validationShelf), folder, params.validation, params.station)
  },
}
