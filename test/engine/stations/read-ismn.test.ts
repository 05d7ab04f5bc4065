import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'csv-parse/sync'
import { readIsmn } from '../../../main/engine/stations/index.ts'
import { describeWithSharedData, sharedData } from '../../shared-data.ts'

describeWithSharedData('ISMN files equal the independent count', () => {
  const rows = parse(readFileSync(sharedData('ismn_native/expected_summary.csv')), { columns: true }) as Record<
    string,
    string
  >[]

  it('has a row for every format but the composite', () => expect(rows).toHaveLength(12))

  it.each(rows.map((row) => [row.file, row] as const))('%s', async (file, row) => {
    const { set, observations } = await readIsmn(sharedData(`ismn_native/${file}`))
    const [station] = set.stations
    expect(set.stations).toHaveLength(1)
    expect(station).toMatchObject({ id: `${row.network}/${row.station}`, name: row.station })
    expect([station.y, station.x, station.elevation]).toEqual([Number(row.lat), Number(row.lon), Number(row.elev)])
    expect(set.variables).toEqual([
      { name: 'sm', unit: 'm3 m-3', depth: [Number(row.depth_from), Number(row.depth_to)] },
    ])
    expect(set.notes.join()).toContain(row.format === 'ceop_sep' ? 'CEOP, one variable' : 'header and values')
    const { value, flag, flagTexts, observedAtMs } = observations
    expect(value).toHaveLength(Number(row.n_records))
    const counts: Record<string, number> = {}
    for (const index of flag) counts[flagTexts[index]] = (counts[flagTexts[index]] ?? 0) + 1
    expect(
      Object.keys(counts)
        .sort()
        .map((text) => `${text}=${counts[text]}`)
        .join(';'),
    ).toBe(row.flags)
    const stamp = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ').replaceAll('-', '/')
    expect(stamp(observedAtMs[0])).toBe(row.first)
    expect(stamp(observedAtMs[value.length - 1])).toBe(row.last)
    const good = [...value].filter((_, i) => flagTexts[flag[i]] === 'G')
    expect(good).toHaveLength(Number(row.n_G))
    if (good.length === 0) return
    expect(good.reduce((sum, v) => sum + v, 0) / good.length).toBeCloseTo(Number(row.mean_G), 5)
    expect(Math.min(...good)).toBe(Number(row.min_G))
    expect(Math.max(...good)).toBe(Number(row.max_G))
  })
})
