import { LoamError, dayNumber } from '../../contract/index.ts'
import type { Day } from '../../contract/index.ts'
import { decodePairs } from './compare-map.ts'
import type { Pairs } from './compare-map.ts'
import type { RunContext } from './run-context.ts'

export interface GatheredPairs {
  readonly pairs: Pairs
  /** Days since 1970-01-01 of each pair. */
  readonly day: Int32Array
}

/** Pairs of one validation on all days of a run.
 *  @param validation index in the recipe
 *  @param which those of the sealed test part, or the others: nothing but its opening looks at it
 *  @throws incomplete when a day is not compared yet */
export async function gatherPairs(
  run: RunContext,
  validation: number,
  which: 'open' | 'test' = 'open',
): Promise<GatheredPairs> {
  const isTest = run.plan.recipe.split.test !== undefined
  const has = { dissimilarity: run.parts.applicability !== null, isTest }
  const days: { one: Pairs; rows: Int32Array; day: Day }[] = []
  for (const part of run.parts.pairs) {
    if (part.validation !== validation) continue
    const one = decodePairs((await run.need(part.key, `comparison of ${part.day}`)).payload, has)
    const wanted = which === 'test' ? 1 : 0
    const rows = Int32Array.from(one.group.keys()).filter((i) => (one.isTest?.[i] ?? 0) === wanted)
    days.push({ one, rows, day: part.day })
  }
  const count = days.reduce((sum, { rows }) => sum + rows.length, 0)
  const join = <T extends Int32Array | Float32Array>(into: T, pick: (pairs: Pairs) => ArrayLike<number>): T => {
    let at = 0
    for (const { one, rows } of days) {
      const from = pick(one)
      for (const i of rows) into[at++] = from[i]
    }
    return into
  }
  const floats = (pick: (pairs: Pairs) => Float32Array): Float32Array => join(new Float32Array(count), pick)
  const day = new Int32Array(count)
  let at = 0
  for (const each of days) {
    day.fill(dayNumber(each.day), at, at + each.rows.length)
    at += each.rows.length
  }
  return {
    pairs: {
      group: join(new Int32Array(count), (one) => one.group),
      predicted: floats((one) => one.predicted),
      observed: floats((one) => one.observed),
      coarse: floats((one) => one.coarse),
      smoothed: floats((one) => one.smoothed),
      dissimilarity: has.dissimilarity ? floats((one) => one.dissimilarity!) : null,
      isTest: isTest ? join(new Int32Array(count), (one) => one.isTest!) : null,
    },
    day,
  }
}

/** Index of a validation in a run's recipe. @throws unknown_name */
export function validationIndex(run: RunContext, name: string): number {
  const names = run.plan.recipe.validation.map((spec) => spec.name)
  const index = names.indexOf(name)
  if (index >= 0) return index
  throw new LoamError(
    'unknown_name',
    `This run has no validation "${name}". It has ${names.length > 0 ? names.join(', ') : 'none'}.`,
    { name },
  )
}
