import { describe, expect, it } from 'vitest'
import { LoamError } from '../../../main/contract/index.ts'
import {
  decodeSamples,
  emptyTable,
  encodeSamples,
  formatExcluded,
  joinSamples,
  requireRows,
} from '../../../main/engine/samples/index.ts'
import type { SampleTable } from '../../../main/engine/samples/index.ts'
import { stationRows, tableOf } from './made-table.ts'

/** One part per day of the same rows, as a run extracts them. */
function partsByDay(): SampleTable[] {
  const rows = stationRows(7, 30, 2)
  const days = [...new Set(rows.map((row) => row.day))]
  return days.map((day) => {
    const ofDay = rows.filter((row) => row.day === day)
    const part = tableOf(ofDay, {
      crs: 'EPSG:32631',
      placeKind: 'station',
      excluded: { 'target:no_observation': 7 - ofDay.length },
    })
    return { ...part, cells: Float64Array.from(part.places, (name) => 10 + Number(name.slice(1))) }
  })
}

const everything = { maxRows: 1e9, seed: 1 }

describe('joinSamples', () => {
  const parts = partsByDay()
  const joined = joinSamples(parts, everything)

  it('holds every row once, sorted by day and place, with its own values', () => {
    const rows = stationRows(7, 30, 2).sort((a, b) => a.day - b.day || (a.place < b.place ? -1 : 1))
    expect(joined.target.length).toBe(rows.length)
    rows.forEach((row, i) => {
      expect(joined.places[joined.place[i]]).toBe(row.place)
      expect([joined.day[i], joined.target[i], joined.x[i], joined.y[i]]).toEqual([row.day, row.target, row.x, row.y])
      expect(joined.columns.map((column) => column[i])).toEqual(row.predictors!.map(Math.fround))
      expect(joined.cells![joined.place[i]]).toBe(10 + Number(row.place.slice(1)))
    })
    expect(joined.excluded).toEqual({ 'target:no_observation': 7 * 30 - rows.length })
  })

  it('gives the same bytes in whatever order the parts come, drawn or not', () => {
    for (const options of [everything, { maxRows: 60, seed: 9 }]) {
      const bytes = encodeSamples(joinSamples(parts, options))
      expect(encodeSamples(joinSamples([...parts].reverse(), options))).toEqual(bytes)
      const halves = [joinSamples(parts.slice(10), everything), joinSamples(parts.slice(0, 10), everything)]
      expect(encodeSamples(joinSamples(halves, options))).toEqual(bytes)
    }
  })

  it('draws by the seed and counts what it left', () => {
    const drawn = joinSamples(parts, { maxRows: 60, seed: 9 })
    expect(drawn.target.length).toBe(60)
    expect(drawn.excluded['sample:not_drawn']).toBe(joined.target.length - 60)
    const known = new Set(joined.target)
    expect(drawn.target.every((value) => known.has(value))).toBe(true)
    expect(new Set(drawn.target).size).toBe(60)
    expect(joinSamples(parts, { maxRows: 60, seed: 10 }).target).not.toEqual(drawn.target)
  })

  it('adds the reasons of parts without rows', () => {
    const empty = emptyTable(['p0', 'p1'], { 'NDVI:masked': 5, 'target:no_observation': 1 })
    const more = joinSamples([empty, ...parts], everything)
    expect(more.excluded['NDVI:masked']).toBe(5)
    expect(more.excluded['target:no_observation']).toBe(joined.excluded['target:no_observation'] + 1)
    expect(more.target).toEqual(joined.target)
    expect(joinSamples([empty], everything).excluded).toEqual(empty.excluded)
    expect(joinSamples([], everything).target.length).toBe(0)
  })

  it('refuses parts of different shape, and a place in two cells', () => {
    expect(() => joinSamples([parts[0], { ...parts[1], predictors: ['p1', 'p0'] }], everything)).toThrow(LoamError)
    const moved = { ...parts[1], cells: parts[1].cells!.map((cell) => cell + 1) }
    expect(() => joinSamples([parts[0], moved], everything)).toThrow(/a place has one cell/)
  })
})

describe('encodeSamples', () => {
  const table = joinSamples(partsByDay(), everything)

  it('comes back bit for bit, with and without the optional parts', () => {
    const odd: SampleTable = {
      ...tableOf([
        { place: 'Ånge 1', day: -3, target: 0.1 + 0.2, predictors: [-0, 3.4e38, 1e-45] },
        { place: 'b', day: 20_000, target: Number.MIN_VALUE, predictors: [1, 2, NaN] },
      ]),
      excluded: { b: 2, a: 1 },
    }
    for (const one of [table, odd, emptyTable(['a'], {}), { ...table, cells: undefined }]) {
      const back = decodeSamples(encodeSamples(one))
      expect(JSON.parse(JSON.stringify(back.excluded))).toEqual(one.excluded)
      expect(encodeSamples(back)).toEqual(encodeSamples(one))
      expect({ ...back, excluded: {} }).toEqual({ ...one, excluded: {} })
    }
    expect(Object.is(decodeSamples(encodeSamples(odd)).columns[0][0], -0)).toBe(true)
  })

  it('reads bytes at any offset of a larger buffer', () => {
    const bytes = encodeSamples(table)
    const larger = new Uint8Array(bytes.length + 3)
    larger.set(bytes, 3)
    expect(decodeSamples(larger.subarray(3)).target).toEqual(table.target)
  })

  it('has the documented layout', () => {
    const bytes = encodeSamples(table)
    const view = new DataView(bytes.buffer)
    expect(String.fromCharCode(...bytes.subarray(0, 8))).toBe('LOAMROWS')
    expect(view.getUint32(8, true)).toBe(1)
    const header = view.getUint32(12, true)
    expect(header % 8).toBe(0)
    expect(view.getFloat64(16 + header + 8 * 5, true)).toBe(table.target[5])
    expect(view.getInt32(16 + header + 24 * table.target.length + 8 * 7, true)).toBe(table.day[0])
    const last = table.target.length - 1
    expect(view.getFloat32(bytes.length - 4, true)).toBe(table.columns[1][last])
  })

  it('refuses bytes that are cut, foreign or newer', () => {
    const bytes = encodeSamples(table)
    for (const cut of [0, 7, 15, 20, 100, bytes.length - 1])
      expect(() => decodeSamples(bytes.subarray(0, cut))).toThrow(/not a training table/)
    const newer = bytes.slice()
    newer[8] = 2
    expect(() => decodeSamples(newer)).toThrow(/layout 2/)
    const damaged = bytes.slice()
    damaged[17] = 0
    expect(() => decodeSamples(damaged)).toThrow(/header is damaged/)
  })
})

describe('requireRows', () => {
  it('says how many rows there were and why they are not usable', () => {
    const empty = emptyTable(['NDVI'], { 'target:no_data': 300, 'NDVI:masked': 900 })
    expect(() => requireRows(empty, 10)).toThrow(
      '0 of 1 200 rows are usable (NDVI masked 900, target no_data 300); at least 10 are needed.',
    )
    expect(() => requireRows(emptyTable([], {}), 1)).toThrow('0 of 0 rows are usable; at least 1 are needed.')
    expect(requireRows(tableOf([{ place: 'a', day: 1, target: 1 }]), 1)).toBeUndefined()
    expect(formatExcluded({ a: 1, b: 1_234_567 })).toBe('b 1 234 567, a 1')
  })
})
