import { LoamError } from '../../contract/index.ts'
import type { DailyRule, Observations, Station, StationSet, StationVariable } from '../../contract/index.ts'
import { hashFile } from '../files/index.ts'
import { depthText } from './depths.ts'
import { isSoilMoisture } from './headings.ts'
import { ObservationColumns } from './observation-columns.ts'
import type { DuplicateReport } from './observation-columns.ts'

const millisecondsPerDay = 86_400_000

/** Share of the observations that may contradict each other before the file is taken for misread. */
const toleratedConflicts = 0.05
/** How far two rows may put one station apart: rounding and repeated GNSS fixes, not another place. */
const samePlace = { degrees: 5e-4, metres: 50 }

export interface FinishOptions {
  name: string
  crs: string
  paths: string[]
  daily?: Partial<DailyRule>
  /** `mean`: average rows that contradict each other, however many. Default: refuse more than 5 %. */
  duplicates?: 'refuse' | 'mean'
}

/** A station set as read, with its observations. */
export interface ReadStations {
  readonly set: StationSet
  readonly observations: Observations
  /** Cells that say "no value" and are not kept. */
  readonly missing: number
  /** The set's notes that tell of an assumption, a contradiction or something missing. */
  readonly doubts: string[]
}

/** A station set while its files are read. */
export class SetBuilder {
  readonly columns = new ObservationColumns()
  readonly stations: Station[] = []
  readonly variables: StationVariable[] = []
  readonly notes: string[] = []
  /** What was assumed and may be wrong, or is missing; they end up behind the notes. */
  readonly doubts: string[] = []
  missing = 0
  private readonly sensors = new Map<string, { at: string; names: string[] }>()
  private readonly stationIndex = new Map<string, number>()
  private readonly variableIndex = new Map<string, number>()
  private readonly placeSpread: number[] = []

  station(id: string, name = id): number {
    const known = this.stationIndex.get(id)
    if (known !== undefined) return known
    const index = this.stations.push({ id, name, x: null, y: null, elevation: null }) - 1
    this.stationIndex.set(id, index)
    return index
  }

  /** @param sensor counts sensors of one station that measure the same at the same depth, from 0 */
  variable(name: string, unit: string, depth: [number, number] | null, sensor = 0): number {
    const key = JSON.stringify([name, unit, depth, sensor])
    const known = this.variableIndex.get(key)
    if (known !== undefined) return known
    const index = this.variables.push({ name, unit, depth }) - 1
    this.variableIndex.set(key, index)
    return index
  }

  /** Variable of a sensor that has a name: the first of its kind at a station shares the variable of the first at every
   *  other station, the second that of the second, and so on. */
  sensorVariable(station: number, name: string, unit: string, depth: [number, number] | null, sensor: string): number {
    const key = JSON.stringify([station, name, unit, depth])
    let known = this.sensors.get(key)
    if (!known) {
      known = { at: `${name} ${depthText(depth)} at ${this.stations[station].id}`, names: [] }
      this.sensors.set(key, known)
    }
    if (!known.names.includes(sensor)) known.names.push(sensor)
    return this.variable(name, unit, depth, known.names.indexOf(sensor))
  }

  /** Puts a station in its place, or checks that it is still there.
   *  @throws bad_table: the rows put one station at places far apart */
  place(index: number, x: number, y: number, isGeographic: boolean, where: string): void {
    const station = this.stations[index]
    if (station.x === null || station.y === null) {
      station.x = x
      station.y = y
      return
    }
    if (station.x === x && station.y === y) return
    const spread = Math.hypot(station.x - x, station.y - y)
    this.placeSpread[index] = Math.max(this.placeSpread[index] ?? 0, spread)
    if (spread <= (isGeographic ? samePlace.degrees : samePlace.metres)) return
    throw new LoamError(
      'bad_table',
      `${where}: station "${station.id}" is at ${x}, ${y} here and at ${station.x}, ${station.y} above. A station has one place. ` +
        'Name the column that tells the stations apart (columns.station), or read each place as a station (placesAreStations).',
      { station: station.id },
    )
  }

  async finish(options: FinishOptions): Promise<ReadStations> {
    const { columns, stations, notes, doubts } = this
    this.noteSensors()
    const moved = this.placeSpread.filter((spread) => spread > 0)
    if (moved.length > 0)
      doubts.push(
        `${moved.length} stations have rows whose places differ a little (up to ${Math.max(...moved).toPrecision(2)} in units of the CRS); the first place is used.`,
      )
    const { observations, duplicates } = columns.finish()
    if (observations.value.length === 0)
      throw new LoamError('too_few_rows', `${options.paths.join(', ')}: no observation was found. Check the columns.`, {
        files: options.paths,
      })
    this.judgeDuplicates(duplicates, observations.value.length, options)
    if (this.missing > 0) notes.push(`${this.missing} cells say "no value" and are not kept.`)
    const variables = this.judgeMoisture(observations)
    const sources = []
    for (const path of options.paths) sources.push({ path, sha256: await hashFile(path) })
    const perDay = observationsPerDay(observations)
    const daily: DailyRule = {
      statistic: 'mean',
      minCount: Math.max(1, Math.floor(0.75 * perDay)),
      flags: null,
      timeZone: 'UTC',
      ...options.daily,
    }
    if (perDay > 1)
      notes.push(
        `About ${perDay} observations a day; a daily value needs ${daily.minCount}, days part at midnight ${daily.timeZone}.`,
      )
    const set = {
      name: options.name,
      crs: options.crs,
      stations,
      variables,
      daily,
      sources,
      notes: [...notes, ...doubts],
    }
    return { set, observations, missing: this.missing, doubts }
  }

  private noteSensors(): void {
    const several = [...this.sensors.values()].filter(({ names }) => names.length > 1)
    for (const { at, names } of several.slice(0, 12))
      this.notes.push(`${names.length} sensors of ${at}: ${names.join('; ')}.`)
    if (several.length > 12) this.notes.push(`${several.length - 12} more places have several sensors.`)
  }

  private judgeDuplicates(report: DuplicateReport, kept: number, options: FinishOptions): void {
    if (report.identical > 0) this.notes.push(`${report.identical} repeated rows were kept once.`)
    if (report.conflicting === 0) return
    const shown = report.examples
      .slice(0, 3)
      .map(({ station, variable, observedAtMs, values }) => {
        const { name, depth } = this.variables[variable]
        return `${this.stations[station].id} ${new Date(observedAtMs).toISOString().slice(0, 16)} ${name} ${depthText(depth)}: ${values.join(' and ')}`
      })
      .join('; ')
    const share = report.conflicting / kept
    if (share > toleratedConflicts && options.duplicates !== 'mean')
      throw new LoamError(
        'bad_table',
        `${options.paths.join(', ')}: ${report.conflicting} of ${kept} values stand beside another value of the same station, variable and time (${shown}). ` +
          'Needed is one. Name the column that tells them apart (depth, sensor, station, time of day), or average them with --duplicates mean.',
        { files: options.paths, conflicting: report.conflicting, kept },
      )
    this.doubts.push(`${report.conflicting} times with contradicting rows were averaged: ${shown}.`)
  }

  /** Gives soil moisture without a unit the one its values allow, and tells of impossible values. */
  private judgeMoisture(observations: Observations): StationVariable[] {
    const { variables, doubts } = this
    const largest = new Float64Array(variables.length).fill(Number.NEGATIVE_INFINITY)
    const outside = new Uint32Array(variables.length)
    const example: number[] = []
    for (let i = 0; i < observations.value.length; i++) {
      const value = observations.value[i]
      const index = observations.variable[i]
      if (value > largest[index]) largest[index] = value
      if (value < 0 || value > 1) {
        outside[index]++
        example[index] ??= value
      }
    }
    const assumed: string[] = []
    const judged = variables.map((variable, i) => {
      if (variable.unit !== '' || !isSoilMoisture(variable.name) || largest[i] === Number.NEGATIVE_INFINITY)
        return variable
      if (largest[i] > 1.5) {
        doubts.push(
          `${variable.name} ${depthText(variable.depth)} has values up to ${largest[i]} and no unit: percent? Give its unit (vol% is turned to m3 m-3).`,
        )
        return variable
      }
      assumed.push(variable.name)
      return { ...variable, unit: 'm3 m-3' }
    })
    if (assumed.length > 0)
      doubts.push(`Unit of ${[...new Set(assumed)].join(', ')} taken as m3 m-3: not stated, and the values fit.`)
    judged.forEach((variable, i) => {
      if (variable.unit === 'm3 m-3' && isSoilMoisture(variable.name) && outside[i] > 0)
        doubts.push(
          `${outside[i]} values of ${variable.name} ${depthText(variable.depth)} are outside 0–1 m3 m-3, such as ${example[i]}. They are kept.`,
        )
    })
    return judged
  }
}

/** Regular observations a day: the fewest that a tenth of all observations come with; at least 1. A lower rule loses
 *  nothing at the stations that report more often, a higher one loses the others. */
function observationsPerDay({ station, variable, observedAtMs }: Observations): number {
  const n = station.length
  const series: { length: number; perDay: number }[] = []
  for (let start = 0; start < n; ) {
    let end = start + 1
    while (end < n && station[end] === station[start] && variable[end] === variable[start]) end++
    const steps: number[] = []
    for (let i = start + 1; i < Math.min(end, start + 2000); i++) steps.push(observedAtMs[i] - observedAtMs[i - 1])
    steps.sort((a, b) => a - b)
    const perDay = steps.length < 3 ? 1 : Math.max(1, Math.round(millisecondsPerDay / steps[steps.length >> 1]))
    series.push({ length: end - start, perDay })
    start = end
  }
  series.sort((a, b) => a.perDay - b.perDay)
  let covered = 0
  return series.find(({ length }) => (covered += length) >= 0.1 * n)?.perDay ?? 1
}
