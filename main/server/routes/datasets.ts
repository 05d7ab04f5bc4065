import { stat } from 'node:fs/promises'
import { LoamError } from '../../contract/index.ts'
import type { DatasetCard, DatasetRow, Day, RasterDataset, datasetEndpoints } from '../../contract/index.ts'
import { cellText } from '../../engine/catalog/index.ts'
import type { Engine } from '../../engine/engine.ts'
import { outlineOf } from '../../engine/grids/index.ts'
import { crsName } from '../../engine/raster/index.ts'
import { acceptProducts } from '../accept-products.ts'
import { coverageOf, meanValidShare, renameCoverage } from '../coverage.ts'
import { productPicture } from '../product-picture.ts'
import { productTable } from '../product-table.ts'
import { relink } from '../relink.ts'
import type { Routes } from '../routes.ts'
import { OpenSurvey, isThere, surveyOf, surveys } from '../surveys.ts'
import { usesOf } from '../uses.ts'
import { requireWholePath } from '../whole-path.ts'

let lastSurvey = 0
/** A list that says how many files moved must not take as long as reading them. */
const mostFilesLookedFor = 400

export const datasetRoutes: Routes<typeof datasetEndpoints> = {
  startSurvey({ body: { paths } }, context) {
    for (const path of paths) requireWholePath(path)
    const survey = new OpenSurvey(`s${++lastSurvey}`, context)
    context.service(surveys).set(survey.id, survey)
    return survey.begin(paths)
  },
  survey: ({ params }, context) => surveyOf(context, params.survey).state(),
  reviewProduct: ({ params, body }, context) => surveyOf(context, params.survey).review(params.product, body),
  productPicture: ({ params, signal }, context) =>
    productPicture(surveyOf(context, params.survey).candidate(params.product), signal),
  productTable: ({ params }, context) => productTable(surveyOf(context, params.survey).candidate(params.product)),
  acceptProducts({ params, body }, context) {
    const { products } = body
    const survey = surveyOf(context, params.survey)
    const engine = context.engine()
    for (const { id } of products) survey.candidate(id)
    if (engine.project.mode !== 'write')
      throw new LoamError(
        'project_locked',
        `${engine.project.path} is open for viewing only. Open it for writing to add data.`,
      )
    const what = products.length === 1 ? products[0].name : `${products.length} datasets`
    return context.tasks.begin(`Add ${what}`, (hooks) => acceptProducts(survey, body, context, hooks))
  },
  closeSurvey({ params }, context) {
    const open = context.service(surveys)
    const task = open.get(params.survey)?.task
    if (task) context.tasks.cancel(task.id)
    open.delete(params.survey)
    return null
  },

  datasets: (_input, context) => {
    const engine = context.engine()
    return Promise.all(engine.project.datasets().map(({ name }) => rowOf(engine, engine.project.storedDataset(name))))
  },
  dataset: ({ params }, context) => cardOf(context.engine(), params.name),
  coverage: ({ params }, context) => {
    const engine = context.engine()
    return coverageOf(engine, engine.project.storedDataset(params.name))
  },
  footprints({ query: { crs } }, context) {
    return context
      .engine()
      .project.datasets()
      .flatMap(({ name, grid }) => {
        const ring = outlineOf(grid, crs)
        return ring ? [{ name, ring }] : []
      })
  },
  relink({ body }, context) {
    requireWholePath(body.folder)
    return context.tasks.begin('Locate files', ({ signal, report }) => {
      report({ doing: 'Comparing sizes and contents' })
      return relink(context, body, signal)
    })
  },
  async renameDataset({ params: { name }, body: { to } }, context) {
    const engine = context.engine()
    const { project } = engine
    project.renameDataset(name, to)
    await renameCoverage(engine, name, to)
    context.events.tell({ type: 'catalog' })
    context.events.tell({ type: 'workspace', revision: project.workspace().revision })
    return null
  },
}

async function rowOf(engine: Engine, dataset: RasterDataset): Promise<DatasetRow> {
  const { name, grid, variables, files, scenes, notes } = dataset
  const days = daysOf(dataset)
  const looked = everyNth(files, mostFilesLookedFor)
  const there = await Promise.all(looked.map(({ path }) => isThere(path)))
  return {
    name,
    grid,
    cellText: cellText(grid),
    crsName: crsName(grid.crs),
    variables: variables.map((variable) => ({ name: variable.name, unit: variable.unit, kind: variable.kind })),
    files: files.length,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    scenes: scenes.length,
    firstDay: days[0] ?? null,
    lastDay: days.at(-1) ?? null,
    days: days.length,
    validShare: await meanValidShare(engine, dataset),
    missingFiles: there.filter((each) => !each).length,
    notes: notes.length,
  }
}

async function cardOf(engine: Engine, name: string): Promise<DatasetCard> {
  const dataset = engine.project.storedDataset(name)
  const row = await rowOf(engine, dataset)
  const dayOfFile = new Map<number, Day | null>()
  for (const { file, day } of dataset.scenes) if (!dayOfFile.has(file)) dayOfFile.set(file, day)
  const there = await Promise.all(dataset.files.map(({ path }) => stat(path).then(Boolean, () => false)))
  const runs = engine.project.runs().flatMap(({ id, recipeHash }) => {
    const text = JSON.stringify(engine.project.recipe(recipeHash))
    return text.includes(`"${name}"`) || text.includes(`"${name}.`) ? [{ kind: 'run' as const, name: id }] : []
  })
  return {
    ...row,
    variables: dataset.variables,
    files: dataset.files.map((file, i) => ({ ...file, isThere: there[i], day: dayOfFile.get(i) ?? null })),
    dateRule: dataset.dateRule,
    notes: dataset.notes,
    usedBy: [...usesOf(engine.project.workspace().document, name), ...runs],
  }
}

const daysOf = ({ scenes }: RasterDataset): Day[] =>
  [...new Set(scenes.map(({ day }) => day))].filter((day): day is Day => day !== null).sort()

function everyNth<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)])
}
