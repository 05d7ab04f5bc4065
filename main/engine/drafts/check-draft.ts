import { FieldExpression, Recipe, asLoamError, faultsOf, issueText, recipeSettings } from '../../contract/index.ts'
import type { CardId, Draft, DraftCard, DraftCheck, DraftRemark } from '../../contract/index.ts'
import { compileField } from '../fields/index.ts'
import type { Field, FieldContext } from '../fields/index.ts'
import { RasterReader } from '../raster/index.ts'
import { compileRunFields, makePlan, planStationSources } from '../runs/index.ts'
import type { DraftSources } from './draft-sources.ts'
import { asObject } from './names-in-draft.ts'
import { reviewDraft } from './review-draft.ts'
import type { PlannedDraft } from './remarks.ts'
import { methodsParagraph, sentenceOf } from './sentences.ts'

/** Says of a draft what is missing, wrong or doubtful, and puts it in words. No raster is read. */
export function checkDraft(draft: Draft, sources: DraftSources): DraftCheck {
  const parsed = Recipe.safeParse(draft, { error: issueText })
  const remarks: DraftRemark[] = parsed.success
    ? []
    : faultsOf(parsed.error).map(({ path, message }) => {
        const isMissing = /^is missing|^needs at least one predictor/.test(message)
        return {
          path,
          card: cardOfPath(path),
          severity: isMissing ? ('missing' as const) : ('error' as const),
          message: `${titleOf(path)} ${message}.`,
          remedy: isMissing ? (missingRemedies[path.split('.')[0]] ?? 'Set it on this card.') : 'Mend it on this card.',
        }
      })

  const reader = new RasterReader({ cacheBytes: 0 })
  try {
    const predictors = compileEach(draft, sources, reader, remarks)
    let planned: PlannedDraft | null = null
    if (parsed.success && !remarks.some(({ severity }) => severity === 'error'))
      try {
        planned = plan(parsed.data, sources, reader)
      } catch (thrown) {
        remarks.push(remarkOf(thrown))
      }
    if (planned) remarks.push(...reviewDraft(planned))
    const isRunnable = planned !== null && !remarks.some(({ severity }) => severity === 'error')
    return {
      recipe: isRunnable && parsed.success ? parsed.data : null,
      remarks,
      cards: cardsOf(draft, predictors, planned, remarks),
      methods: methodsParagraph(draft, predictors, planned),
      fineGrid: planned?.plan.fineGrid ?? null,
      trainingGrid: planned?.plan.trainingGrid ?? null,
      trainingDays: planned?.plan.trainingDays ?? [],
      predictors: predictors.map(({ name, unit, kind, times, nativeGrid, lineage }) => ({
        name,
        unit,
        kind,
        times: typeof times === 'string' ? times : times.length,
        cellSize: nativeGrid ? nativeGrid.transform[1] : null,
        crs: nativeGrid ? nativeGrid.crs : null,
        lineage,
      })),
    }
  } finally {
    reader.close()
  }
}

function plan(recipe: Recipe, sources: DraftSources, reader: RasterReader): PlannedDraft {
  const places = { project: '', store: '', versions: {} }
  const { plan: made, inputs } = makePlan(recipe, sources, places)
  const stations = planStationSources(
    new Map(inputs.map((input, i) => [input.set.name, { ...input, hash: made.stationInputs[i].hash }])),
  )
  return { plan: made, fields: compileRunFields(made, stations, reader), sources }
}

/** Compiles each predictor by itself, so that each fault stands at its own row. */
function compileEach(draft: Draft, sources: DraftSources, reader: RasterReader, remarks: DraftRemark[]): Field[] {
  const named: Record<string, FieldExpression> = {}
  for (const [name, value] of Object.entries(asObject(draft.fields))) {
    const found = FieldExpression.safeParse(value)
    if (found.success) named[name] = found.data
  }
  const grid = asObject(draft.grid)
  const like = typeof grid.like === 'string' ? sources.datasets.get(grid.like)?.grid : undefined
  const context: FieldContext = {
    named,
    datasets: sources.datasets,
    stations: sources.stations,
    reader,
    minValidFraction: typeof draft.minValidFraction === 'number' ? draft.minValidFraction : 0.5,
    crs: like?.crs ?? (typeof grid.crs === 'string' ? grid.crs : undefined),
  }
  return Object.entries(asObject(draft.predictors)).flatMap(([name, value]) => {
    const found = FieldExpression.safeParse(value)
    if (!found.success) return []
    try {
      return [compileField(name, found.data, context)]
    } catch (thrown) {
      remarks.push({ ...remarkOf(thrown), path: `predictors.${name}`, card: 'predictors' })
      return []
    }
  })
}

/** A fault of the plan at the part of the form that can mend it. */
function remarkOf(thrown: unknown): DraftRemark {
  const fault = asLoamError(thrown)
  const path = typeof fault.details.path === 'string' ? fault.details.path : pathInWords(fault.message)
  return { path, card: cardOfPath(path), severity: 'error', message: fault.message, remedy: '' }
}

function pathInWords(message: string): string {
  const predictor = /[Pp]redictors? "([^"]+)"/.exec(message)
  if (predictor) return `predictors.${predictor[1]}`
  const path = /`([a-z][A-Za-z.]*)/.exec(message)
  if (path) return path[1]
  return /target/i.test(message) ? 'target' : '(whole file)'
}

const missingRemedies: Record<string, string> = {
  name: 'Give the recipe a name.',
  grid: 'Choose the fine grid of the maps.',
  target: 'Choose a coarse product or stations.',
  predictors: 'Add what is known on the fine grid.',
  learner: 'Choose a learner.',
  product: 'Give the dates of the maps.',
  loam: 'Start from “New recipe”, or import a recipe file.',
}

export function cardOfPath(path: string): CardId {
  const [head, second] = path.split('.')
  if (head === 'target' || head === 'baseline') return 'target'
  if (head === 'predictors' || head === 'fields') return 'predictors'
  if (head === 'validation') return 'validation'
  if (head === 'product' && second === 'residual') return 'residual'
  return (
    recipeSettings().find((setting) => setting.path === path || setting.path.startsWith(`${head}.`))?.card ?? 'output'
  )
}

function titleOf(path: string): string {
  const known = recipeSettings().find((setting) => setting.path === path)
  if (known) return known.title
  const titles: Record<string, string> = {
    grid: 'The fine grid',
    target: 'The target',
    predictors: 'The predictors',
    learner: 'The learner',
    product: 'The output',
    loam: 'The format',
  }
  return titles[path] ?? `\`${path}\``
}

function cardsOf(
  draft: Draft,
  predictors: readonly Field[],
  planned: PlannedDraft | null,
  remarks: readonly DraftRemark[],
): DraftCard[] {
  const hasResidual = recipeSettings().some(({ card }) => card === 'residual')
  const ids: CardId[] = [
    'target',
    'predictors',
    'samples',
    'learner',
    ...(hasResidual ? (['residual'] as const) : []),
    'output',
    'validation',
  ]
  return ids.map((id) => {
    const own = new Set(remarks.filter(({ card }) => card === id).map(({ severity }) => severity))
    const state = own.has('error') ? 'error' : own.has('missing') ? 'missing' : own.has('warning') ? 'warning' : 'good'
    return { id, state, sentence: sentenceOf(id, draft, predictors, planned) }
  })
}
