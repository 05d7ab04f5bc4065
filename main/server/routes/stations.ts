import { LoamError, dayFromNumber, isDay } from '../../contract/index.ts'
import type { Day, PlacedStation, StationSetCard, StationSetRow, stationEndpoints } from '../../contract/index.ts'
import type { Engine } from '../../engine/engine.ts'
import { transformPoints } from '../../engine/raster/index.ts'
import { stationSummary, toDaily } from '../../engine/stations/index.ts'
import type { DailyTable } from '../../engine/stations/index.ts'
import type { Routes } from '../routes.ts'
import type { ProjectService, ServerContext } from '../server-context.ts'
import { isThere } from '../surveys.ts'

const millisecondsPerDay = 86_400_000

export const stationRoutes: Routes<typeof stationEndpoints> = {
  stationSets: (_input, context) => {
    const engine = context.engine()
    return Promise.all(engine.project.stationSets().map(({ name }) => rowOf(engine, name)))
  },
  stationSet: ({ params, query }, context) => cardOf(context.engine(), params.set, query.crs),
  stationSeries({ params, query }, context) {
    const table = daily(context, params.set, query)
    const at = table.stations.findIndex(({ id }) => id === params.station)
    if (at < 0)
      throw new LoamError('unknown_name', `Station set "${params.set}" has no station "${params.station}".`, {
        station: params.station,
      })
    const { days, values, variable, unit, depth, notes = [] } = table
    const within = days.flatMap((day, i) =>
      (query.from === undefined || day >= query.from) && (query.to === undefined || day <= query.to) ? [i] : [],
    )
    return {
      set: params.set,
      station: params.station,
      variable,
      unit,
      depth,
      days: within.map((i) => days[i]),
      values: within.map((i) => orNull(values[at * days.length + i])),
      notes,
    }
  },
  stationDay({ params, query }, context) {
    if (!isDay(params.day))
      throw new LoamError('bad_input', `"${params.day}" is no date. Write it as YYYY-MM-DD.`, { day: params.day })
    const { days, values, stations, unit } = daily(context, params.set, query)
    const at = days.indexOf(params.day)
    return {
      unit,
      values: stations.map((_, station) => (at < 0 ? null : orNull(values[station * days.length + at]))),
    }
  },
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value)

/** Daily tables are made once for each variable: a day's values of all stations are asked for at every step of time. */
const dailyTables: ProjectService<Map<string, DailyTable>> = {
  open: () => new Map(),
  close: (tables) => tables.clear(),
}

function daily(
  context: ServerContext,
  set: string,
  { variable, depthFrom, depthTo }: { variable: string; depthFrom?: number; depthTo?: number },
): DailyTable {
  const { project } = context.engine()
  const stored = project.stationSet(set)
  const { observationCount } = project.stationSets().find(({ name }) => name === set) ?? { observationCount: 0 }
  const depth = depthFrom === undefined ? undefined : ([depthFrom, depthTo ?? depthFrom] as [number, number])
  const tables = context.service(dailyTables)
  const key = JSON.stringify([set, observationCount, stored.sources, stored.daily, variable, depth ?? null])
  let table = tables.get(key)
  if (!table) {
    table = toDaily(stored, project.observations(set), { variable, depth })
    if (tables.size >= 32) tables.delete(tables.keys().next().value as string)
    tables.set(key, table)
  }
  return table
}

const dayOf = (ms: number | null): Day | null =>
  ms === null ? null : dayFromNumber(Math.floor(ms / millisecondsPerDay))

async function rowOf({ project }: Engine, name: string): Promise<StationSetRow> {
  const set = project.stationSet(name)
  const summary = project.stationSets().find((each) => each.name === name)
  const there = await Promise.all(set.sources.map(({ path }) => isThere(path)))
  const variables = new Map(set.variables.map((variable) => [JSON.stringify(variable), variable]))
  return {
    name,
    crs: set.crs,
    stations: set.stations.length,
    observations: summary?.observationCount ?? 0,
    variables: [...variables.values()],
    firstDay: dayOf(summary?.firstAtMs ?? null),
    lastDay: dayOf(summary?.lastAtMs ?? null),
    hasPlaces: set.crs !== '' && set.stations.some(({ x }) => x !== null),
    missingFiles: there.filter((each) => !each).length,
  }
}

function cardOf({ project }: Engine, name: string, crs: string | undefined): StationSetCard {
  const set = project.stationSet(name)
  const observations = project.observations(name)
  const summaries = stationSummary(set, observations)
  const mapCrs = crs ?? set.crs
  const x = Float64Array.from(set.stations, (station) => station.x ?? Number.NaN)
  const y = Float64Array.from(set.stations, (station) => station.y ?? Number.NaN)
  if (set.crs !== '' && mapCrs !== set.crs) transformPoints(set.crs, mapCrs, x, y)
  const counts = new Uint32Array(observations.flagTexts.length)
  for (const index of observations.flag) counts[index]++
  const hasFlags = observations.flagTexts.some((text) => text !== '')
  const stations = set.stations.map(({ id, name, elevation }, i): PlacedStation => {
    const { n, missing, first, last, gaps, longestGapDays } = summaries[i]
    const firstDay = first === null ? null : (first.slice(0, 10) as Day)
    const lastDay = last === null ? null : (last.slice(0, 10) as Day)
    const place = { x: orNull(x[i]), y: orNull(y[i]) }
    return { id, name, ...place, elevation, n, missing, firstDay, lastDay, gaps, longestGapDays }
  })
  const flags = hasFlags ? Object.fromEntries(observations.flagTexts.map((text, i) => [text, counts[i]])) : {}
  return { ...set, mapCrs, stations, flags }
}
