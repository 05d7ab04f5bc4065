import { LoamError } from '../../contract/index.ts'
import type { ScoreRow, TestPart } from '../../contract/index.ts'
import { modelWords } from '../models/index.ts'
import { decodeSamples, joinSamples, onlyTestPart, rowCount } from '../samples/index.ts'
import { difference, scoreTable } from '../validation/index.ts'
import { gatherPairs } from './gather-pairs.ts'
import type { RunContext } from './run-context.ts'
import { spatialGroups } from './spatial-groups.ts'

/** What an opened test part says of a run. */
export interface TestScores {
  /** All of `part` "test": of the rows the model never saw, and of the sealed pairs of each reference. */
  readonly scores: readonly ScoreRow[]
  readonly verdicts: readonly string[]
}

const dayOnly = 'mean of the training rows that day'

/** Scores a run's model and maps on its sealed test part.
 *  @throws conflict when the run has none; incomplete when its parts are gone from the store */
export async function scoreTestPart(run: RunContext): Promise<TestScores> {
  const { recipe, splits, trainingGrid } = run.plan
  const { test } = splits[0]
  if (!test)
    throw new LoamError('conflict', 'The split of this run names no test part, so there is none to open.', {
      path: 'split.test',
    })
  const { seed } = recipe
  const parts = []
  for (const { key } of run.parts.samples)
    parts.push(onlyTestPart(decodeSamples((await run.need(key, 'training rows')).payload), test))
  const table = joinSamples(parts, { maxRows: recipe.training.maxRows, seed })
  const scores: ScoreRow[] = []
  const verdicts: string[] = []
  if (rowCount(table) > 0) {
    const model = await run.trainedModel(run.parts.model.key)
    const predicted = await model.predict(table.columns, rowCount(table), 1)
    const naive = await dayMeans(run, table.day)
    const group = trainingGrid === null ? table.place : spatialGroups(table)
    const common = { validation: 'crossValidation', measured: trainingGrid === null, seed, by: ['overall'] as const }
    const [model_, day_] = [`${modelWords[recipe.learner.type]}, test part`, dayOnly]
    for (const [subject, values] of [
      [model_, predicted],
      [day_, naive],
    ] as const)
      scores.push(...scoreTable({ predicted: values, observed: table.target, group }, { ...common, subject }))
    const names = [`the ${modelWords[recipe.learner.type]}`, `the ${dayOnly}`] as const
    verdicts.push(`Test part: ${difference(predicted, naive, table.target, group, { seed, names }).verdict}`)
  }
  for (const [validation, spec] of recipe.validation.entries()) {
    const { pairs } = await gatherPairs(run, validation, 'test')
    const subjects = [
      ['fine map', pairs.predicted],
      ['coarse product', pairs.coarse],
    ] as const
    const hasCoarse = pairs.coarse.some((value) => !Number.isNaN(value))
    const rows = Int32Array.from(pairs.observed.keys()).filter((i) =>
      subjects.every(([subject, values]) => !Number.isNaN(values[i]) || (subject !== 'fine map' && !hasCoarse)),
    )
    if (rows.length === 0) continue
    const take = (values: ArrayLike<number>): Float64Array => Float64Array.from(rows, (i) => values[i])
    const [observed, group] = [take(pairs.observed), Int32Array.from(rows, (i) => pairs.group[i])]
    for (const [subject, values] of subjects)
      if (subject === 'fine map' || hasCoarse)
        scores.push(
          ...scoreTable(
            { predicted: take(values), observed, group },
            { validation: spec.name, measured: spec.measured, seed, subject, by: ['overall'] },
          ),
        )
    if (!hasCoarse) continue
    const names = ['the fine map', 'the coarse product'] as const
    const found = difference(take(pairs.predicted), take(pairs.coarse), observed, group, { seed, names })
    verdicts.push(`Test part, ${spec.name}: ${found.verdict}`)
  }
  if (scores.length === 0)
    throw new LoamError(
      'too_few_rows',
      'The test part of this run holds no row and no pair with a value, so there is nothing to score. It stays sealed.',
      { path: 'split.test' },
    )
  return { scores: scores.map((row) => ({ ...row, part: 'test' })), verdicts }
}

/** What knowing only the day would say: the mean of the training rows of the same day, of all where there is none. */
async function dayMeans(run: RunContext, days: Int32Array): Promise<Float32Array> {
  const table = await run.sampleTable(run.parts.table.key)
  const sums = new Map<number, { sum: number; n: number }>()
  let total = 0
  for (let i = 0; i < table.target.length; i++) {
    const day = sums.get(table.day[i]) ?? { sum: 0, n: 0 }
    day.sum += table.target[i]
    day.n++
    sums.set(table.day[i], day)
    total += table.target[i]
  }
  return Float32Array.from(days, (day) => {
    const known = sums.get(day)
    return known ? known.sum / known.n : total / table.target.length
  })
}

/** A test part in words: `stations R1, R2; 2018-09-01 to 2018-10-31`. */
export function testPartWords({ stations, extent, period }: TestPart): string {
  return [
    ...(stations ? [`${stations.length === 1 ? 'station' : 'stations'} ${stations.join(', ')}`] : []),
    ...(extent ? [`everything within ${extent.map((value) => Number(value.toPrecision(8))).join(', ')}`] : []),
    ...(period ? [`${period.from} to ${period.to}`] : []),
  ].join('; ')
}
