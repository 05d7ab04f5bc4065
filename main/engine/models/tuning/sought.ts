/** Values of the settings that are sought, by name. */
export type Tried = Readonly<Record<string, number>>

/** A setting that is sought. */
export interface SoughtSetting {
  readonly name: string
  /** Those a grid tries; a search goes from the lowest to the highest. */
  readonly values: readonly number[]
  readonly isWhole: boolean
  /** Which of two values makes the simpler model. */
  readonly simpler: 'low' | 'high'
  /** The lowest and highest the learner takes: beyond an optimum there lies nothing. */
  readonly least: number
  readonly most: number
}

/** Where a search works by ratios: 1 to 50 rows in a leaf are as many steps to 7 as from there. */
const ratioFrom = 8

export function lowest({ values }: SoughtSetting): number {
  return Math.min(...values)
}

export function highest({ values }: SoughtSetting): number {
  return Math.max(...values)
}

/** All combinations of the listed values, each once; the first setting changes slowest. */
export function allCombinations(sought: readonly SoughtSetting[]): Tried[] {
  return sought.reduce<Tried[]>(
    (so, { name, values }) =>
      so.flatMap((tried) => [...new Set(values)].sort((a, b) => a - b).map((value) => ({ ...tried, [name]: value }))),
    [{}],
  )
}

/** Place of a value between the lowest, 0, and the highest, 1. */
export function placeOf(setting: SoughtSetting, value: number): number {
  const [low, high] = [lowest(setting), highest(setting)]
  if (low === high) return 0
  return isByRatio(low, high) ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)
}

/** The value at a place, as the learner takes it: whole, or with three digits. */
export function valueAt(setting: SoughtSetting, place: number): number {
  const [low, high] = [lowest(setting), highest(setting)]
  const value = isByRatio(low, high) ? low * (high / low) ** place : low + place * (high - low)
  const taken = setting.isWhole ? Math.round(value) : Number(value.toPrecision(3))
  return Math.min(high, Math.max(low, taken))
}

/** Settings whose value is, within a hundredth of what was tried, at an end that the learner could go beyond. */
export function settingsAtBound(sought: readonly SoughtSetting[], tried: Tried): string[] {
  return sought.flatMap((setting) => {
    const { name, least, most } = setting
    if (lowest(setting) === highest(setting)) return []
    const place = placeOf(setting, tried[name])
    const isAtEnd = (place <= 0.01 && lowest(setting) > least) || (place >= 0.99 && highest(setting) < most)
    return isAtEnd ? [name] : []
  })
}

/** Below 0 where `a` makes the simpler model: settled by the first setting in which they differ. */
export function bySimplicity(sought: readonly SoughtSetting[], a: Tried, b: Tried): number {
  for (const { name, simpler } of sought)
    if (a[name] !== b[name]) return (simpler === 'low') === a[name] < b[name] ? -1 : 1
  return 0
}

function isByRatio(low: number, high: number): boolean {
  return low > 0 && high / low >= ratioFrom
}
