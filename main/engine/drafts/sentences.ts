import { LearnerSettings, TestPart, formatDepth, hintOf } from '../../contract/index.ts'
import type { CardId, Draft, FieldExpression } from '../../contract/index.ts'
import type { Field } from '../fields/index.ts'
import { modelWords, searchWords } from '../models/index.ts'
import { isGeographic } from '../raster/index.ts'
import { testPartWords } from '../runs/index.ts'
import { asObject } from './names-in-draft.ts'
import type { PlannedDraft } from './remarks.ts'

/** One card in one sentence; of a draft that lacks it, what to do first. */
export function sentenceOf(
  card: CardId,
  draft: Draft,
  predictors: readonly Field[],
  planned: PlannedDraft | null,
): string {
  switch (card) {
    case 'target':
      return targetSentence(draft, planned)
    case 'predictors':
      return predictorSentence(draft, predictors)
    case 'samples':
      return splitSentence(draft, planned)
    case 'learner':
      return learnerSentence(draft)
    case 'residual':
      return residualSentence(draft)
    case 'output':
      return outputSentence(draft, planned)
    case 'validation':
      return validationSentence(draft)
  }
}

/** The methods paragraph: the cards as past tense would be dishonest before a run, so it says what will be done. */
export function methodsParagraph(draft: Draft, predictors: readonly Field[], planned: PlannedDraft | null): string {
  if (Object.keys(asObject(draft.target)).length === 0 && predictors.length === 0) return ''
  const ids: CardId[] = ['target', 'predictors', 'samples', 'learner', 'residual', 'output', 'validation']
  const sentences = ids.flatMap((id) => {
    const sentence = sentenceOf(id, draft, predictors, planned)
    return sentence ? [`${leads[id] ?? ''}${sentence}`] : []
  })
  const made = predictors.map(({ name, lineage }) => `${name}: ${lineage}`).join('; ')
  return [...sentences, made ? `How the predictors are made: ${made}.` : ''].filter(Boolean).join(' ')
}

/** What a card's title says and its sentence leaves out. */
const leads: Partial<Record<CardId, string>> = { target: 'The target: ', output: 'Output: ' }

function targetSentence(draft: Draft, planned: PlannedDraft | null): string {
  const target = asObject(draft.target)
  const depth = depthWords(target.depth)
  if (typeof target.stations === 'string') {
    const count = planned?.fields.targetTable?.stations.length
    return `${String(target.variable ?? '?')} of ${count ? `${count} stations of ` : ''}${target.stations}${depth}, daily.`
  }
  if (target.raster === undefined) return 'Choose what the maps shall show: a coarse product, or stations.'
  const grid = planned?.plan.trainingGrid
  return `${expressionWords(target.raster as FieldExpression)}${depth}, daily${grid ? `, on cells of ${sizeWords(grid.transform[1], grid.crs)}` : ''}.`
}

function predictorSentence(draft: Draft, predictors: readonly Field[]): string {
  const names = Object.keys(asObject(draft.predictors))
  if (names.length === 0) return 'Choose at least two things known on the fine grid.'
  const fixed = predictors.filter(({ times }) => times === 'static').length
  const share = typeof draft.minValidFraction === 'number' ? draft.minValidFraction : 0.5
  const kinds = fixed > 0 ? `, ${fixed} without dates` : ''
  return `${names.length} ${names.length === 1 ? 'predictor' : 'predictors'}${kinds} (${names.join(', ')}), each brought to a cell where at least ${Math.round(100 * share)} % of it is valid.`
}

function splitSentence(draft: Draft, planned: PlannedDraft | null): string {
  const split = asObject(draft.split)
  const by = String(split.by ?? 'place')
  const folds = Number(split.folds ?? 5)
  const isStations = typeof asObject(draft.target).stations === 'string'
  const block = typeof split.blockSize === 'number' ? `blocks of ${split.blockSize} m` : 'square blocks'
  const places = isStations ? 'stations' : block
  const periods = `${String(split.timeBlock ?? 'month')}s`
  const what = {
    place: `whole ${places}`,
    time: `whole ${periods}`,
    place_and_time: `whole ${places} and whole ${periods}`,
  }
  const days = planned?.plan.trainingDays
  const rows = days ? `Rows of ${days.length} dates (${days[0]} to ${days.at(-1)}); ` : ''
  const held =
    by === 'random'
      ? `held out at random in ${folds} folds, which is optimistic.`
      : split.leaveOneOut === true
        ? 'each station held out in turn.'
        : `${what[by as keyof typeof what] ?? by} held out in ${folds} folds.`
  const sealed = TestPart.safeParse(split.test)
  const test = sealed.success ? ` Sealed until it is opened: ${testPartWords(sealed.data)}.` : ''
  const weight = planned?.fields.weight
  const weighted = weight ? ` Rows count in training by ${weight.lineage}.` : ''
  return `${rows ? `${rows}${held}` : held.charAt(0).toUpperCase() + held.slice(1)}${weighted}${test}`
}

function learnerSentence(draft: Draft): string {
  const learner = asObject(draft.learner)
  const seed = Number(draft.seed ?? 1)
  const sought = soughtClause(draft)
  if (learner.type === 'forest') {
    const leaves = sought ? '' : ` with leaves of at least ${Number(learner.minLeafSize ?? 5)} rows`
    return `A ${modelWords.forest} of ${Number(learner.treeCount ?? 126)} trees${leaves}, seed ${seed}${sought}.`
  }
  if (learner.type === 'boosting') {
    const trees = `${learner.earlyStopping ? 'at most ' : ''}${Number(learner.rounds ?? 300)} trees`
    const shape = ` of depth ${Number(learner.maxDepth ?? 6)}, learning rate ${Number(learner.learningRate ?? 0.1)}, `
    return `A ${modelWords.boosting} of ${trees}${sought ? ', ' : shape}seed ${seed}${sought}.`
  }
  if (learner.type === 'linear')
    return `A ${modelWords.linear}${Number(learner.ridge ?? 0) > 0 ? ` with a ridge penalty of ${Number(learner.ridge)} rows` : ' by least squares'}.`
  if (learner.type === 'svr') return svrSentence(learner)
  if (learner.type === 'mlp') {
    const layers = Array.isArray(learner.hiddenLayers) ? learner.hiddenLayers : [32, 16]
    const most = learner.stopping === undefined ? '' : 'at most '
    return `A ${modelWords.mlp} with hidden layers of ${layers.join(' and ')} units, ${most}${Number(learner.epochs ?? 200)} epochs, seed ${seed}.`
  }
  return 'Choose how to learn.'
}

/** What is sought instead of set, after a semicolon; empty where nothing is. */
function soughtClause(draft: Draft): string {
  const learner = LearnerSettings.safeParse(draft.learner)
  const predictors = Object.keys(asObject(draft.predictors)).length
  const words = learner.success ? searchWords(learner.data, predictors, 'are') : ''
  return words && `; ${words}`
}

function svrSentence(learner: Record<string, unknown>): string {
  const classes = learner.byClass === undefined ? '' : `, one for each class of ${String(learner.byClass)}`
  const rows = `of at most ${Number(learner.mostRows ?? 5000)} rows${classes}`
  if (learner.tuning !== undefined)
    return `A ${modelWords.svr} ${rows}, its cost, gamma and epsilon sought on held-out rows.`
  const gamma = learner.gamma === undefined ? '1 / number of predictors' : Number(learner.gamma)
  return `A ${modelWords.svr} ${rows}, cost ${Number(learner.cost ?? 1)}, gamma ${gamma}, epsilon ${Number(learner.epsilon ?? 0.1)}.`
}

function residualSentence(draft: Draft): string {
  const { residual } = asObject(draft.product)
  if (residual === undefined) return 'No residual correction.'
  const parts = Object.entries(asObject(residual)).flatMap(([name, value]) => {
    const { title, choices } = hintOf(`product.residual.${name}`)
    if (typeof value === 'boolean') return value ? [title.toLowerCase()] : []
    const choice = choices?.[String(value)]?.title.toLowerCase()
    const words = choice ?? (typeof value === 'string' ? value : JSON.stringify(value))
    return [name === 'method' ? words : `${title.toLowerCase()} ${words}`]
  })
  return `What the model leaves of the coarse product is given back to the fine cells${parts.length > 0 ? ` (${parts.join(', ')})` : ''}.`
}

function outputSentence(draft: Draft, planned: PlannedDraft | null): string {
  const product = asObject(draft.product)
  const period = asObject(product.period)
  if (typeof period.from !== 'string') return 'Give the dates and the grid of the maps.'
  const grid = planned?.plan.fineGrid
  const size = grid ? ` on ${grid.rows} × ${grid.cols} cells of ${sizeWords(grid.transform[1], grid.crs)}` : ''
  const days = planned?.plan.productDays.length
  const quantiles = Array.isArray(product.intervals) ? `, with quantiles ${product.intervals.join(', ')}` : ''
  const outside = product.applicability === true ? '; cells unlike the training data are marked' : ''
  return `${days === undefined ? 'Daily maps' : `${days} daily ${days === 1 ? 'map' : 'maps'}`}, ${period.from} to ${String(period.to)}${size}${quantiles}${outside}.`
}

function validationSentence(draft: Draft): string {
  const list = (Array.isArray(draft.validation) ? draft.validation : []).map(asObject)
  if (list.length === 0) return 'Scored on held-out folds only.'
  const words = list.map((each) => {
    const depth = depthWords(each.depth).slice(2)
    return depth ? `${String(each.name)} (${depth})` : String(each.name)
  })
  return `Held against ${words.join(' and ')}, besides the held-out folds.`
}

/** `, 0–5 cm` or ` at 30 cm`, with a comma before. */
export function depthWords(depth: unknown): string {
  if (!Array.isArray(depth) || depth.length !== 2) return ''
  const [from, to] = depth as [number, number]
  return `, ${from === to ? 'at ' : ''}${formatDepth([from, to])}`
}

/** `10 m`, `1 km`, `0.09°`. */
export function sizeWords(size: number, crs: string): string {
  if (isGeographic(crs)) return `${Number(size.toPrecision(3))}°`
  return size >= 1000 ? `${Number((size / 1000).toPrecision(3))} km` : `${Number(size.toPrecision(3))} m`
}

function expressionWords(expression: FieldExpression): string {
  if (typeof expression === 'string') return expression
  if (typeof expression === 'number') return String(expression)
  const [form, value] = Object.entries(expression)[0]
  return form === 'series'
    ? `${String(value)}${'variable' in expression && expression.variable ? `.${expression.variable}` : ''}`
    : `a field made by ${form}`
}
