import type { Trial } from '../../../contract/index.ts'
import { Random } from '../../numeric/index.ts'
import { expectedImprovement, likeliestProcess } from './gaussian-process.ts'
import { highest, lowest, placeOf, valueAt } from './sought.ts'
import type { SoughtSetting, Tried } from './sought.ts'

const primes = [2, 3, 5, 7, 11, 13]
/** Places looked at before the next trial: all over, and about the best so far. */
const wide = 400
const near = 100
const nearSd = 0.12

/** The settings to try next: first places that fill the cube of all settings evenly (Halton 1960, shifted by the seed), then those
 *  of which a Gaussian process through the trials so far expects the most improvement. Deterministic in trials and seed.
 *  @param before what was tried, with its error, in order
 *  @returns null when nothing untried is left in sight
 *  Source: Jones, Schonlau & Welch (1998), Journal of Global Optimization 13, 455–492. */
export function nextToTry(
  sought: readonly SoughtSetting[],
  before: readonly (Tried & Trial)[],
  seed: number,
): Tried | null {
  const open = sought.filter((setting) => lowest(setting) < highest(setting))
  const known = new Set(before.map((trial) => keyOf(sought, trial)))
  const triedAt = (place: readonly number[]): Tried =>
    Object.fromEntries(sought.map((setting) => [setting.name, valueAt(setting, place[open.indexOf(setting)] ?? 0)]))
  const random = new Random(seed, 17)
  const shift = open.map(() => random.uniform())
  const evenly = (i: number): Tried => triedAt(open.map((_, k) => (halton(i + 1, primes[k]) + shift[k]) % 1))
  const isNew = (tried: Tried): boolean => !known.has(keyOf(sought, tried))

  if (before.length < startsOf(open.length)) {
    for (let i = before.length; i < before.length + wide; i++) if (isNew(evenly(i))) return evenly(i)
    return null
  }
  const pointOf = (tried: Tried): number[] => open.map((setting) => placeOf(setting, tried[setting.name]))
  const points = before.map(pointOf)
  const process = likeliestProcess(
    points,
    before.map(({ rmse }) => rmse),
  )
  const expected = points.map((point, i) => process?.at(point).mean ?? before[i].rmse)
  // The least that is expected, not the least that was met, which noise makes too low.
  const best = Math.min(...expected)
  const centre = points[expected.indexOf(best)]
  const own = new Random(seed, 1000 + before.length)
  const about = Array.from({ length: near }, () =>
    triedAt(centre.map((place) => Math.min(1, Math.max(0, place + nearSd * own.normal())))),
  )
  const all = [...Array.from({ length: wide }, (_, i) => evenly(i + before.length)), ...about].filter(isNew)
  let [next, most] = [all[0] ?? null, -1]
  if (!process) return next
  for (const tried of all) {
    const gain = expectedImprovement(best, process.at(pointOf(tried)))
    if (gain > most) [next, most] = [tried, gain]
  }
  return next
}

/** Trials before the first that learns from others. */
export function startsOf(dimensions: number): number {
  return 2 + 3 * dimensions
}

/** The place of i in the sequence of van der Corput: its digits behind the point, turned round. */
function halton(i: number, base: number): number {
  let [place, share, rest] = [0, 1, i]
  while (rest > 0) {
    share /= base
    place += share * (rest % base)
    rest = Math.floor(rest / base)
  }
  return place
}

function keyOf(sought: readonly SoughtSetting[], tried: Tried): string {
  return sought.map(({ name }) => tried[name]).join(' ')
}
