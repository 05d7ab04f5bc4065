import { readFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { LoamError, dayFromNumber, soughtWords } from '../../contract/index.ts'
import type { Day, IntervalCoverage, RunFindings, RunTuning, ScoreRow, Split } from '../../contract/index.ts'
import { hashBytes, publishBytes } from '../files/index.ts'
import { decodeModel, modelWords, tuningSentences } from '../models/index.ts'
import type { Model } from '../models/index.ts'
import { formatExcluded, leakageReport, makeFolds } from '../samples/index.ts'
import type { SampleTable } from '../samples/index.ts'
import { mean, variance } from '../numeric/index.ts'
import { layerPath } from '../products/index.ts'
import { coverageSentence, difference, intervalCoverage, scoreTable } from '../validation/index.ts'
import type { FoldMeta } from './compute-part.ts'
import { rowsOfArea } from './area-of-run.ts'
import type { AreaOfRun } from './area-of-run.ts'
import { gatherPairs } from './gather-pairs.ts'
import { filesBeside, mapPath, settleMap } from './publish-map.ts'
import { residualVerdict, residualWarnings, summariseResiduals } from './residual-step.ts'
import type { ResidualRecord, ResidualSummary } from './residual-step.ts'
import type { RunContext } from './run-context.ts'
import { spatialGroups } from './spatial-groups.ts'

/** A file a run made. */
export interface RunFile {
  readonly kind: 'map' | 'model'
  /** Absolute; in `results.json` relative to the run's folder. */
  readonly path: string
  readonly sha256: string
  readonly bytes: number
  readonly day: Day | null
  /** Of a map beside that of the mean: q05, sd. */
  readonly layer?: string
}

/** What a run found, as `results.json` in its folder. */
export interface RunResults extends RunFindings {
  /** How well the corrected maps give the coarse values back; null in a run without residual correction. */
  readonly residual: ResidualSummary | null
  /** Where the maps can be trusted; null in a run that does not map it, absent in one of before. */
  readonly applicability?: ApplicabilitySummary | null
  readonly files: readonly RunFile[]
}

/** What the maps of a run say of its area of applicability. */
export interface ApplicabilitySummary {
  /** Dissimilarity index above which a cell is outside. */
  readonly threshold: number
  /** Training rows the index is measured against, and of how many they were drawn. */
  readonly rows: number
  readonly rowsOf: number
  /** Cells with a value on all days, and those of them outside. */
  readonly cells: number
  readonly outside: number
  /** The day with the largest share outside; null when no map has a value. */
  readonly worstDay: Day | null
  readonly worstShare: number
}

/** Scores a finished run and publishes its model and `results.json`. Pure: the same parts give the same bytes. */
export async function writeResults(run: RunContext): Promise<RunResults> {
  const { parts, plan, fields } = run
  const table = await run.sampleTable(parts.table.key)
  const crossValidation = await crossValidationScores(run, table)
  const validations = []
  for (let i = 0; i < plan.recipe.validation.length; i++) validations.push(await validationScores(run, i))
  const warnings = [...fields.warnings, ...independenceWarnings(run)]

  const files: RunFile[] = []
  const model = await run.need(parts.model.key, 'model')
  const modelPath = join(run.folder, 'model.loammodel')
  await publishBytes(modelPath, model.payload)
  files.push({
    kind: 'model',
    path: modelPath,
    sha256: hashBytes(model.payload),
    bytes: model.payload.byteLength,
    day: null,
  })
  const empty: Day[] = []
  const corrected: { day: Day; residual: ResidualRecord }[] = []
  const judged: { day: Day; cells: number; outside: number }[] = []
  for (const map of parts.maps) {
    const record = (await settleMap(run, map))!
    if (record.validCells === 0) empty.push(map.day)
    if (record.residual) corrected.push({ day: map.day, residual: record.residual })
    if (record.outside !== undefined) judged.push({ day: map.day, cells: record.validCells, outside: record.outside })
    files.push({ kind: 'map', path: mapPath(run, map), sha256: record.sha256, bytes: record.bytes, day: map.day })
    for (const [i, layer] of filesBeside(run).entries()) {
      const { sha256, bytes } = record.layers![i]
      files.push({
        kind: 'map',
        path: layerPath(mapPath(run, map), layer),
        sha256,
        bytes,
        day: map.day,
        layer: layer.name,
      })
    }
  }
  if (empty.length > 0)
    warnings.push(
      `${empty.length} of ${parts.maps.length} maps have no cell with a value (${empty.slice(0, 5).join(', ')}${empty.length > 5 ? ', …' : ''}); the reason band says why.`,
    )
  const trained = decodeModel(model.payload)
  const { tuning: trace } = trained.info
  const tuning = trace
    ? {
        ...trace,
        byFold: crossValidation.chosen,
        sentences: tuningSentences(trace, plan.recipe.product.unit, crossValidation.chosen),
      }
    : null
  if (trace && trace.atBound.length > 0)
    warnings.push(
      `The best ${trace.atBound.map(soughtWords).join(' and ')} of the ${modelWords[trained.type]} ${trace.atBound.length > 1 ? 'are' : 'is'} at the end of what was tried, so a better one may lie beyond. Widen the values in learner.tuning.`,
    )
  const spec = plan.recipe.product.residual
  const residual = spec ? summariseResiduals(spec.method, corrected) : null
  if (residual) warnings.push(...residualWarnings(residual, parts.maps.length))
  const applicability = parts.applicability
    ? summariseApplicability(await run.area(parts.applicability.key), judged)
    : null
  const excluded = Object.values(table.excluded).reduce((sum, count) => sum + count, 0)
  if (excluded > table.target.length)
    warnings.push(`More rows were left out than used: ${formatExcluded(table.excluded)}.`)

  const results: RunResults = {
    scores: [...crossValidation.scores, ...validations.flatMap((each) => each.scores)],
    verdicts: [
      ...crossValidation.verdicts,
      ...validations.flatMap((each) => each.verdicts),
      ...(residual ? residualVerdict(residual) : []),
      ...(applicability ? [applicabilityVerdict(applicability)] : []),
    ],
    warnings,
    leakage: crossValidation.leakage,
    rows: table.target.length,
    coverage: crossValidation.coverage,
    importance: importanceOf(trained, crossValidation.importance),
    excluded: table.excluded,
    ...(tuning ? { tuning } : {}),
    residual,
    applicability,
    lineage: parts.lineage,
    files,
  }
  const stored = { ...results, files: files.map((file) => ({ ...file, path: relative(run.folder, file.path) })) }
  await publishBytes(join(run.folder, 'results.json'), `${JSON.stringify(stored, null, 1)}\n`)
  return results
}

/** The results of a finished run, paths absolute; measures that have no value are NaN again. */
export async function readResults(folder: string): Promise<RunResults> {
  const text = await readFile(join(folder, 'results.json'), 'utf8').catch(() => null)
  if (text === null)
    throw new LoamError('incomplete', `${folder} has no results yet. Let the run end, or resume it.`, { path: folder })
  const stored = JSON.parse(text) as RunResults
  return {
    ...stored,
    scores: stored.scores.map((row) => ({
      ...row,
      scores: {
        ...row.scores,
        measures: Object.fromEntries(
          Object.entries(row.scores.measures).map(([name, measure]) => [
            name,
            { ...measure, value: (measure.value as number | null) ?? Number.NaN },
          ]),
        ) as typeof row.scores.measures,
      },
    })),
    files: stored.files.map((file) => ({ ...file, path: resolve(folder, file.path) })),
  }
}

/** @param folds per fold and predictor */
function importanceOf({ info }: Model, folds: readonly (readonly number[])[]): RunResults['importance'] {
  const { permutation, permutationSd, impurity } = info.importance
  return info.predictors
    .map((predictor, i) => {
      const rises = folds.map((fold) => fold[i])
      const heldOut = mean(rises)
      return {
        predictor,
        heldOut,
        heldOutSd: rises.length > 1 ? Math.sqrt(variance(rises)) : null,
        permutation: permutation[i] ?? null,
        permutationSd: permutationSd[i] ?? null,
        impurity: impurity[i],
      }
    })
    .sort((a, b) => b.heldOut - a.heldOut)
}

interface Scored {
  readonly scores: ScoreRow[]
  readonly verdicts: string[]
}

const dailyMean = 'mean of the other places that day'

/** Out-of-fold scores of each split, beside what knowing only the day would give. */
async function crossValidationScores(
  run: RunContext,
  table: SampleTable,
): Promise<
  Scored & {
    leakage: string[]
    coverage: RunResults['coverage']
    importance: (readonly number[])[]
    chosen: RunTuning['byFold'][number][]
  }
> {
  const { plan, parts } = run
  const { seed } = plan.recipe
  const scores: ScoreRow[] = []
  const leakage: string[] = []
  const verdicts: string[] = []
  const coverage: (IntervalCoverage & { split: string })[] = []
  const importance: (readonly number[])[] = []
  const chosen: RunTuning['byFold'][number][] = []
  const isStations = plan.trainingGrid === null
  const places = isStations ? table.place : spatialGroups(table)
  const months = Int32Array.from(table.day, (day) => monthOf(dayFromNumber(day)))
  const common = { validation: 'crossValidation', measured: isStations, seed }
  const groupNames = isStations ? table.places : undefined
  for (const [i, split] of plan.splits.entries()) {
    const folds = makeFolds(table, split, seed)
    const [predicted, lows, highs] = [0, 1, 2].map(() => new Float32Array(table.target.length).fill(Number.NaN))
    let interval: readonly number[] = []
    for (const part of parts.folds.filter((fold) => fold.split === i)) {
      const { payload, meta } = await run.need(part.key, `fold ${part.fold} of the cross-validation`)
      const { rows: n, importance: rises, quantiles = [], chosen: own } = meta as Partial<FoldMeta> & { rows: number }
      if (own) chosen.push({ split: foldsName(split), fold: part.fold, chosen: own })
      const rows = new Int32Array(payload.buffer, payload.byteOffset, n)
      const values = (array: number): Float32Array =>
        new Float32Array(payload.buffer, payload.byteOffset + n * 4 * array, n)
      const all = [predicted, lows, highs].slice(0, 1 + quantiles.length)
      for (const [a, into] of all.entries()) {
        const from = values(1 + a)
        for (let k = 0; k < n; k++) into[rows[k]] = from[k]
      }
      if (n > 0) interval = quantiles
      if (n > 0 && i === 0 && rises && rises.length > 0) importance.push(rises)
    }
    const covered =
      interval.length === 2 ? intervalCoverage(lows, highs, table.target, [interval[0], interval[1]]) : null
    if (covered) {
      coverage.push({ split: foldsName(split), ...covered })
      verdicts.push(`Intervals, ${foldsName(split)}: ${coverageSentence(covered, plan.recipe.product.unit)}`)
    }
    // What was held out together is drawn together.
    const group = split.by === 'time' ? months : places
    const pairs = {
      predicted,
      observed: table.target,
      group,
      groupNames: split.by === 'time' ? undefined : groupNames,
      day: table.day,
    }
    scores.push(...scoreTable(pairs, { ...common, subject: foldsName(split), by: i === 0 ? undefined : ['overall'] }))
    leakage.push(...leakageReport(table, folds).lines.map((line) => `${foldsName(split)}: ${line}`))
    if (i > 0) continue
    const naive = dailyMeans(table, folds)
    scores.push(...scoreTable({ ...pairs, predicted: naive }, { ...common, subject: dailyMean, by: ['overall'] }))
    const names = [`the ${modelWords[plan.recipe.learner.type]} (${foldsName(split)})`, `the ${dailyMean}`] as const
    verdicts.push(`Cross-validation: ${difference(predicted, naive, table.target, group, { seed, names }).verdict}`)
  }
  return { scores, verdicts, leakage, coverage, importance, chosen }
}

/** Months since year 0. */
function monthOf(day: Day): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1
}

function foldsName(split: Split): string {
  return `${split.by} folds`
}

/** What a map-maker without predictors would say: the mean of the training rows of the same day, of all where there is
 *  none. */
function dailyMeans(table: SampleTable, folds: ReturnType<typeof makeFolds>): Float32Array {
  const out = new Float32Array(table.target.length).fill(Number.NaN)
  for (let fold = 0; fold < folds.count; fold++) {
    const sums = new Map<number, { sum: number; n: number }>()
    let total = 0
    const train = folds.train(fold)
    for (const row of train) {
      const day = sums.get(table.day[row]) ?? { sum: 0, n: 0 }
      day.sum += table.target[row]
      day.n++
      sums.set(table.day[row], day)
      total += table.target[row]
    }
    for (const row of folds.test(fold)) {
      const day = sums.get(table.day[row])
      out[row] = day ? day.sum / day.n : total / train.length
    }
  }
  return out
}

/** Scores of the published maps against one reference, the coarse product beside them on the same pairs. */
async function validationScores(run: RunContext, validation: number): Promise<Scored> {
  const spec = run.plan.recipe.validation[validation]
  const { seed } = run.plan.recipe
  const { pairs, day } = await gatherPairs(run, validation)
  const reference = run.fields.references[validation]
  const groupNames = reference.from === 'stations' ? reference.table.stations.map(({ id }) => id) : undefined
  const subjects = [
    ['fine map', pairs.predicted],
    ['coarse product', pairs.coarse],
    ['coarse product, smoothed', pairs.smoothed],
  ] as const
  const hasCoarse = pairs.coarse.some((value) => !Number.isNaN(value))
  const isCommon = (i: number): boolean =>
    subjects.every(([, values], k) => (k > 0 && !hasCoarse) || !Number.isNaN(values[i]))
  const common = Int32Array.from(pairs.observed.keys()).filter(isCommon)
  const take = (values: ArrayLike<number>): Float64Array => Float64Array.from(common, (i) => values[i])
  const group = Int32Array.from(common, (i) => pairs.group[i])
  const days = Int32Array.from(common, (i) => day[i])
  const observed = take(pairs.observed)
  const outside = await isOutside(run, pairs.dissimilarity && take(pairs.dissimilarity))
  const options = { validation: spec.name, measured: spec.measured, seed }
  const scores = subjects.flatMap(([subject, values]) => {
    if (subject !== 'fine map' && !hasCoarse) return []
    return scoreTable(
      { predicted: take(values), observed, group, groupNames, day: days, outside },
      { ...options, subject },
    )
  })
  const verdicts = subjects.slice(1).flatMap(([subject, values]) => {
    if (!hasCoarse) return []
    const names = ['the fine map', `the ${subject}`] as const
    return [
      `${spec.name}: ${difference(take(pairs.predicted), take(values), observed, group, { seed, names }).verdict}`,
    ]
  })
  return { scores, verdicts }
}

/** 1 for pairs above the threshold, 0 for the others; undefined in a run that does not map the index. */
async function isOutside(run: RunContext, index: Float64Array | null): Promise<Uint8Array | undefined> {
  const part = run.parts.applicability
  if (!index || !part) return undefined
  const { threshold } = (await run.area(part.key)).area
  return Uint8Array.from(index, (value) => (value > threshold ? 1 : 0))
}

function summariseApplicability(
  { area, rowsOf }: AreaOfRun,
  days: readonly { readonly day: Day; readonly cells: number; readonly outside: number }[],
): ApplicabilitySummary {
  const withCells = days.filter(({ cells }) => cells > 0)
  const shareOf = (each: (typeof days)[number]): number => each.outside / each.cells
  const worst = withCells.reduce<(typeof days)[number] | null>(
    (most, each) => (most && shareOf(most) >= shareOf(each) ? most : each),
    null,
  )
  return {
    threshold: area.threshold,
    rows: rowsOfArea(area),
    rowsOf,
    cells: withCells.reduce((sum, { cells }) => sum + cells, 0),
    outside: withCells.reduce((sum, { outside }) => sum + outside, 0),
    worstDay: worst?.day ?? null,
    worstShare: worst ? shareOf(worst) : 0,
  }
}

function applicabilityVerdict({ cells, outside, threshold, worstDay, worstShare }: ApplicabilitySummary): string {
  const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`
  if (cells === 0) return 'Area of applicability: no map has a cell with a value.'
  if (outside === 0)
    return `Area of applicability: no cell with a value is unlike the training data (dissimilarity index above ${threshold.toPrecision(3)}).`
  return `Area of applicability: ${percent(outside / cells)} of the cells with a value are unlike the training data (dissimilarity index above ${threshold.toPrecision(3)}; most on ${worstDay}, ${percent(worstShare)}); the scores do not speak for them.`
}

/** Stations that trained the model cannot validate it. */
function independenceWarnings(run: RunContext): string[] {
  const { target, validation } = run.plan.recipe
  if (!('stations' in target)) return []
  return validation
    .filter((spec) => 'stations' in spec && spec.stations === target.stations)
    .map(
      (spec) =>
        `Validation "${spec.name}" uses the stations the model was trained on: its scores tell the fit, not the accuracy. The cross-validation by place tells the accuracy at new places.`,
    )
}
