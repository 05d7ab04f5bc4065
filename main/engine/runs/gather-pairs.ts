import { LoamError, dayNumber } from '../../contract/index.ts'
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
 *  @throws incomplete when a day is not compared yet */
export async function gatherPairs(run: RunContext, validation: number): Promise<GatheredPairs> {
  const days: Pairs[] = []
  const dayOf: number[] = []
  for (const part of run.parts.pairs) {
    if (part.validation !== validation) continue
    const { payload } = await run.need(part.key, `comparison of ${part.day}`)
    const one = decodePairs(payload, run.parts.applicability !== null)
    days.push(one)
    for (let i = 0; i < one.group.length; i++) dayOf.push(dayNumber(part.day))
  }
  const join = (pick: (pairs: Pairs) => Float32Array): Float32Array =>
    Float32Array.from(days.flatMap((one) => Array.from(pick(one))))
  return {
    pairs: {
      group: Int32Array.from(days.flatMap((one) => Array.from(one.group))),
      predicted: join((one) => one.predicted),
      observed: join((one) => one.observed),
      coarse: join((one) => one.coarse),
      smoothed: join((one) => one.smoothed),
      dissimilarity: run.parts.applicability ? join((one) => one.dissimilarity!) : null,
    },
    day: Int32Array.from(dayOf),
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
