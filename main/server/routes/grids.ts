import { FieldExpression, LoamError, asLoamError, dayFromNumber, faultsOf, issueText } from '../../contract/index.ts'
import type { RasterDataset, gridEndpoints } from '../../contract/index.ts'
import type { Engine } from '../../engine/engine.ts'
import { compileField } from '../../engine/fields/index.ts'
import type { FieldContext } from '../../engine/fields/index.ts'
import { auditGrids, extentIn, suggestGrids } from '../../engine/grids/index.ts'
import { RasterReader, gridExtent } from '../../engine/raster/index.ts'
import { projectSources, resolveGrid } from '../../engine/runs/index.ts'
import { proveKriging } from '../kriging-proof.ts'
import type { Routes } from '../routes.ts'

const millisecondsPerDay = 86_400_000

export const gridRoutes: Routes<typeof gridEndpoints> = {
  suggestGrids({ body }, context) {
    const { project } = context.engine()
    const { removed } = project.workspace().document
    const names =
      body.datasets ?? project.datasets().flatMap(({ name }) => (removed.datasets.includes(name) ? [] : [name]))
    const summaries = project
      .stationSets()
      .filter(({ name }) => body.stationSets?.includes(name) ?? !removed.stationSets.includes(name))
    const day = (ms: number): ReturnType<typeof dayFromNumber> => dayFromNumber(Math.floor(ms / millisecondsPerDay))
    return suggestGrids(
      {
        datasets: names.map((name) => project.storedDataset(name)),
        sets: summaries.map(({ name }) => project.stationSet(name)),
        periods: summaries.flatMap(({ firstAtMs, lastAtMs }) =>
          firstAtMs === null || lastAtMs === null ? [] : [{ from: day(firstAtMs), to: day(lastAtMs) }],
        ),
      },
      body.crs,
    )
  },
  auditGrids({ body: { fine, coarse, training, crs } }, context) {
    const datasets = datasetsOf(context.engine())
    const coarseDataset = coarse === null ? null : datasets.get(coarse)
    if (coarseDataset === undefined)
      throw new LoamError('unknown_name', `The project has no dataset "${coarse}".`, { name: coarse })
    return auditGrids(
      {
        fine: resolveGrid(fine, datasets, 'grid'),
        coarse: coarseDataset,
        training: training === null ? null : resolveGrid(training, datasets, 'target.grid'),
      },
      crs,
    )
  },
  moveExtent({ body: { from, crs } }, context) {
    const place =
      'dataset' in from
        ? (({ grid }) => ({ crs: grid.crs, extent: gridExtent(grid) }))(
            context.engine().project.storedDataset(from.dataset),
          )
        : from
    const extent = extentIn(place.crs, place.extent, crs)
    if (!extent)
      throw new LoamError('unsupported_grid', `The area has no place in ${crs}. Choose a CRS that covers it.`, { crs })
    return { extent }
  },
  checkField({ body: { name, expression, fields } }, context) {
    const parsed = FieldExpression.safeParse(expression, { error: issueText })
    if (!parsed.success)
      return {
        field: null,
        faults: faultsOf(parsed.error).map(({ path, message }) => ({ path, code: 'bad_recipe', message })),
      }
    const reader = new RasterReader({ cacheBytes: 0 })
    try {
      const field = compileField(name, parsed.data, fieldContext(context.engine(), fields, reader))
      const { unit, kind, times, nativeGrid, lineage } = field
      return { field: { unit, kind, times, grid: nativeGrid, lineage }, faults: [] }
    } catch (thrown) {
      const { code, message, details } = asLoamError(thrown)
      if (code === 'internal') throw thrown
      const path = typeof details.field === 'string' ? details.field : ''
      return { field: null, faults: [{ path, code, message }] }
    } finally {
      reader.close()
    }
  },
  fieldsOfRuns(_input, context) {
    const { project } = context.engine()
    return project
      .runs()
      .map(({ id, recipeHash }) => ({ run: id, fields: project.recipe(recipeHash).fields }))
      .reverse()
  },
  async proveKriging({ body: { expression, fields, day }, signal }, context) {
    if (typeof expression !== 'object' || !('kriged' in expression))
      throw new LoamError('bad_recipe', 'The field is not kriged, so it has no variogram. Give one with `kriged`.')
    const reader = new RasterReader({ cacheBytes: 0 })
    try {
      return await proveKriging(expression, day, fieldContext(context.engine(), fields, reader), signal)
    } finally {
      reader.close()
    }
  },
}

function fieldContext(
  engine: Engine,
  named: Readonly<Record<string, FieldExpression>>,
  reader: RasterReader,
): FieldContext {
  return {
    named,
    ...projectSources(engine.project),
    reader,
    minValidFraction: 0.5,
    crs: engine.project.workspace().document.crs ?? undefined,
  }
}

function datasetsOf({ project }: Engine): Map<string, RasterDataset> {
  return new Map(project.datasets().map(({ name }) => [name, project.storedDataset(name)]))
}
