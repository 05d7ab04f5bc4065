import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { LoamError } from '../../main/contract/index.ts'
import { readIsmn, readStationTable, toDaily } from '../../main/engine/stations/index.ts'
import { sharedData } from '../shared-data.ts'
import type { BenchRow } from './row.ts'

/** Every shared ISMN file against its independent count; Raam's native 15-minute files against its daily table. */
export async function bench(): Promise<BenchRow[]> {
  return [...(await ismn()), ...(await raam())]
}

async function ismn(): Promise<BenchRow[]> {
  const expected = parse(readFileSync(sharedData('ismn_native/expected_summary.csv')), { columns: true }) as Record<
    string,
    string
  >[]
  let equal = 0
  let records = 0
  for (const row of expected) {
    const { set, observations } = await readIsmn(sharedData(`ismn_native/${row.file}`))
    const { value, flag, flagTexts, observedAtMs } = observations
    const good = [...value].filter((_, i) => flagTexts[flag[i]] === 'G')
    const mean = good.reduce((sum, v) => sum + v, 0) / good.length
    const stamp = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ').replaceAll('-', '/')
    const isEqual =
      set.stations[0].id === `${row.network}/${row.station}` &&
      set.stations[0].x === Number(row.lon) &&
      set.stations[0].y === Number(row.lat) &&
      set.variables[0].depth?.join() === [Number(row.depth_from), Number(row.depth_to)].join() &&
      value.length === Number(row.n_records) &&
      good.length === Number(row.n_G) &&
      stamp(observedAtMs[0]) === row.first &&
      stamp(observedAtMs[value.length - 1]) === row.last &&
      (good.length === 0 ||
        (Math.abs(mean - Number(row.mean_G)) < 1e-5 &&
          Math.min(...good) === Number(row.min_G) &&
          Math.max(...good) === Number(row.max_G)))
    if (isEqual) equal++
    records += value.length
  }
  const composite = await readIsmn(
    sharedData('ismn_native/ceop_composite/SMOSMANIA/SMOSMANIA_SMOSMANIA_NBN_20100304_20130801.stm'),
  )
  const refusal = await readIsmn(sharedData('ismn_native/malformed/mal_formed_file.txt')).catch(
    (fault: unknown) => fault,
  )
  return [
    {
      figure: 'ISMN files equal to the independent count',
      loam: `${equal} of ${expected.length}`,
      note: `${records} records`,
    },
    {
      figure: 'ISMN CEOP composite',
      loam: `${composite.observations.value.length} records, ${composite.set.variables.length} variables`,
    },
    { figure: 'ISMN malformed file', loam: refusal instanceof LoamError ? refusal.message : 'READ WITHOUT COMPLAINT' },
  ]
}

async function raam(): Promise<BenchRow[]> {
  const native = await readStationTable(sharedData('raam/native_15min'))
  const daily = await readStationTable(sharedData('raam/daily.csv'), {
    stationsFile: sharedData('raam/stations.csv'),
  })
  const variable = daily.set.variables.find(({ name }) => /vwc/i.test(name))!
  const depth = variable.depth!
  const fromNative = toDaily(native.set, native.observations, {
    variable: native.set.variables.find(({ name }) => /vwc/i.test(name))!.name,
    depth,
    rule: { minCount: 72 },
  })
  const published = toDaily(daily.set, daily.observations, { variable: variable.name, depth })
  let compared = 0
  let worst = 0
  for (const [i, station] of fromNative.stations.entries()) {
    const number = /\d+/.exec(station.id.replace(/^\D+/, ''))?.[0]
    const j = published.stations.findIndex((each) => Number(/(\d+)$/.exec(each.id)?.[1]) === Number(number))
    if (j < 0) continue
    for (const [d, day] of fromNative.days.entries()) {
      const e = published.days.indexOf(day)
      const [a, b] = [
        fromNative.values[i * fromNative.days.length + d],
        published.values[j * published.days.length + e],
      ]
      if (e < 0 || Number.isNaN(a) || Number.isNaN(b)) continue
      compared++
      worst = Math.max(worst, Math.abs(a - b))
    }
  }
  return [
    {
      figure: 'Raam daily table',
      loam: `${daily.set.stations.length} stations, ${daily.observations.value.length} observations, ${daily.set.variables.length} variables and depths`,
    },
    {
      figure: `Raam native 15-minute files as daily means at ${depth[0]} m`,
      loam: `${compared} days equal to the daily table within ${worst.toExponential(1)} m³ m⁻³`,
      note: `${native.observations.value.length} observations of ${native.set.stations.length} stations`,
    },
  ]
}
