import { dayFromNumber, LoamError } from '../../contract/index.ts'
import type { DailyRule, Observations, StationSet } from '../../contract/index.ts'
import type { DailyTable } from './daily-table.ts'
import { isPrecipitation, understandHeading } from './headings.ts'
import { depthText, sameDepth } from './depths.ts'
import { zoneClock } from './time-zone.ts'

const millisecondsPerDay = 86_400_000

export interface DailyOptions {
  variable: string
  /** Depth interval in metres, one the set has; may be left out when the variable has only one. */
  depth?: [number, number]
  /** Parts of the set's rule to replace. */
  rule?: Partial<DailyRule>
}

/** One value a station and day, by the rule's statistic over the accepted observations of the local day.
 *
 *  Sensors: variables of a set with the same name and depth are sensors beside each other. Each gets its own daily
 *  value (and must reach `minCount` by itself); then they are averaged. Precipitation amounts are summed unless the
 *  caller names a statistic: a mean of hourly amounts is no day's amount.
 *  @param observations sorted by station, variable, time
 *  @throws unknown_name: no such variable or depth; unit_mismatch: its sensors have different units;
 *          too_few_rows: no day has an accepted value */
export function toDaily(set: StationSet, observations: Observations, options: DailyOptions): DailyTable {
  const sensors = findSensors(set, options)
  const { name, unit, depth } = set.variables[sensors[0]]
  const notes: string[] = []
  const rule = { ...set.daily, ...options.rule }
  if (!options.rule?.statistic && isPrecipitation(name, unit) && rule.statistic !== 'sum') {
    rule.statistic = 'sum'
    notes.push(`${name} is an amount (${unit}): the observations of a day are summed, not averaged.`)
  }

  const daily = dailyOfEachSensor(observations, sensors, rule)
  if (daily.day.length === 0) throw nothingAccepted(set, observations, sensors, rule)

  const numbers = [...new Set(daily.day)].sort((a, b) => a - b)
  const column = new Map(numbers.map((number, i) => [number, i]))
  const values = new Float64Array(set.stations.length * numbers.length)
  const count = new Uint16Array(values.length)
  for (let i = 0; i < daily.day.length; i++) {
    const at = daily.station[i] * numbers.length + column.get(daily.day[i])!
    values[at] += daily.value[i]
    count[at]++
  }
  const averaged = new Set<number>()
  let averagedDays = 0
  const hasValue = new Uint8Array(set.stations.length)
  for (let at = 0; at < values.length; at++) {
    const station = Math.floor(at / numbers.length)
    if (count[at] > 0) hasValue[station] = 1
    if (count[at] > 1) {
      averaged.add(station)
      averagedDays++
    }
    values[at] = count[at] === 0 ? Number.NaN : values[at] / count[at]
  }
  if (averagedDays > 0)
    notes.push(
      `Several sensors of ${name} ${depthText(depth)} were averaged at ${listed([...averaged].map((i) => set.stations[i].id))}: ${averagedDays} station days.`,
    )
  const empty = set.stations.filter((_, i) => hasValue[i] === 0).map((station) => station.id)
  if (empty.length > 0) notes.push(`No day with an accepted value of ${name} ${depthText(depth)} at ${listed(empty)}.`)
  return {
    set: set.name,
    variable: name,
    unit,
    depth,
    crs: set.crs,
    stations: set.stations,
    days: numbers.map(dayFromNumber),
    values,
    notes,
  }
}

/** Indices of the variables that have the wanted name and depth. */
function findSensors(set: StationSet, options: DailyOptions): number[] {
  let { variable, depth } = options
  let named = indicesWhere(set, (one) => one.name === variable)
  if (named.length === 0) {
    // A column heading of the source file (`vwc_5cm`, `tmax_c`) says the same as the name and depth made from it.
    const heading = understandHeading(variable)
    named = indicesWhere(set, (one) => one.name === heading.variable)
    variable = heading.variable
    depth ??= heading.depth ?? undefined
  }
  if (named.length === 0)
    throw new LoamError(
      'unknown_name',
      `Station set "${set.name}" has no variable "${options.variable}". It has ${variablesText(
        set,
        set.variables.map((_, i) => i),
      )}. Name one of these.`,
      { set: set.name, variable: options.variable },
    )
  const wanted = depth
  const found = wanted ? named.filter((i) => sameDepth(set.variables[i].depth, wanted)) : named
  const depths = variablesText(set, named)
  if (found.length === 0)
    throw new LoamError(
      'unknown_name',
      `Station set "${set.name}" has no "${variable}" ${depthText(wanted ?? null)}. It has ${depths}. Give one of these depths, in metres.`,
      { set: set.name, variable, depth: wanted },
    )
  const first = set.variables[found[0]]
  if (found.some((i) => !sameDepth(set.variables[i].depth, first.depth)))
    throw new LoamError(
      'unknown_name',
      `Station set "${set.name}" has "${variable}" at several depths: ${depths}. Say which with a depth in metres, such as ${JSON.stringify(first.depth)}.`,
      { set: set.name, variable },
    )
  if (found.some((i) => set.variables[i].unit !== first.unit))
    throw new LoamError(
      'unit_mismatch',
      `"${variable}" ${depthText(first.depth)} of station set "${set.name}" comes in different units: ${found.map((i) => set.variables[i].unit || 'not stated').join(', ')}. Read the files again and give the unit of each.`,
      { set: set.name, variable },
    )
  return found
}

interface SensorDays {
  station: number[]
  day: number[]
  value: number[]
}

function dailyOfEachSensor(observations: Observations, sensors: number[], rule: DailyRule): SensorDays {
  const { station, variable, observedAtMs, value, flag, flagTexts } = observations
  const isWanted = (index: number): boolean => sensors.includes(index)
  const clock = zoneClock(rule.timeZone)
  const { offsetAt } = isPlainDates(observations, isWanted) ? zoneClock('UTC') : clock
  const accepted = flagTexts.map((text) => rule.flags === null || rule.flags.includes(text))
  const result: SensorDays = { station: [], day: [], value: [] }
  let count = 0
  let sum = 0
  let smallest = Number.POSITIVE_INFINITY
  let largest = Number.NEGATIVE_INFINITY
  let currentStation = -1
  let currentVariable = -1
  let currentDay = 0
  const close = (): void => {
    if (count >= rule.minCount && count > 0) {
      result.station.push(currentStation)
      result.day.push(currentDay)
      result.value.push({ mean: sum / count, sum, min: smallest, max: largest }[rule.statistic])
    }
    count = 0
    sum = 0
    smallest = Number.POSITIVE_INFINITY
    largest = Number.NEGATIVE_INFINITY
  }
  for (let i = 0; i < value.length; i++) {
    if (Number.isNaN(value[i]) || !isWanted(variable[i]) || !accepted[flag[i]]) continue
    const time = observedAtMs[i]
    const day = Math.floor((time + offsetAt(time)) / millisecondsPerDay)
    if (station[i] !== currentStation || variable[i] !== currentVariable || day !== currentDay) {
      close()
      currentStation = station[i]
      currentVariable = variable[i]
      currentDay = day
    }
    count++
    sum += value[i]
    if (value[i] < smallest) smallest = value[i]
    if (value[i] > largest) largest = value[i]
  }
  close()
  return result
}

/** Daily tables give dates, not instants; they are kept as midnight UTC, and no time zone moves a date to its neighbour. */
function isPlainDates({ variable, observedAtMs }: Observations, isWanted: (index: number) => boolean): boolean {
  for (let i = 0; i < variable.length; i++)
    if (isWanted(variable[i]) && observedAtMs[i] % millisecondsPerDay !== 0) return false
  return true
}

function nothingAccepted(set: StationSet, observations: Observations, sensors: number[], rule: DailyRule): LoamError {
  const flags = new Map<string, number>()
  let present = 0
  for (let i = 0; i < observations.value.length; i++) {
    if (!sensors.includes(observations.variable[i]) || Number.isNaN(observations.value[i])) continue
    present++
    const text = observations.flagTexts[observations.flag[i]]
    flags.set(text, (flags.get(text) ?? 0) + 1)
  }
  const { name, depth } = set.variables[sensors[0]]
  const found = [...flags].map(([text, n]) => `${text === '' ? '(no flag)' : text} ${n}×`).join(', ')
  return new LoamError(
    'too_few_rows',
    `No day of "${name}" ${depthText(depth)} in station set "${set.name}" has an accepted value: ${present} values are there${found ? `, flags ${found}` : ''}. ` +
      `The rule accepts ${rule.flags === null ? 'every flag' : `the flags ${rule.flags.join(', ')}`} and needs ${rule.minCount} values a day. Change the set's daily rule or the variable.`,
    { set: set.name, variable: name, values: present, rule },
  )
}

function indicesWhere(set: StationSet, test: (variable: StationSet['variables'][number]) => boolean): number[] {
  return set.variables.flatMap((variable, i) => (test(variable) ? [i] : []))
}

function variablesText(set: StationSet, indices: number[]): string {
  const texts = indices.map((i) => `"${set.variables[i].name}" ${depthText(set.variables[i].depth)}`.trim())
  return [...new Set(texts)].join(', ')
}

function listed(ids: string[]): string {
  return ids.length <= 6 ? ids.join(', ') : `${ids.slice(0, 6).join(', ')} and ${ids.length - 6} more`
}
