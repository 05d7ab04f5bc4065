import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { Split } from '../../../main/contract/index.ts'
import type { FieldExpression, RasterDataset } from '../../../main/contract/index.ts'
import { compileField } from '../../../main/engine/fields/index.ts'
import { RasterReader, gridOfFile } from '../../../main/engine/raster/index.ts'
import { leakageReport, makeFolds, rowsFromStations } from '../../../main/engine/samples/index.ts'
import { readStationTable, toDaily } from '../../../main/engine/stations/index.ts'
import { describeWithSharedData, sharedData } from '../../shared-data.ts'

/** A static grid of the farm as a dataset, as the catalog would describe it. */
async function gridDataset(name: string): Promise<RasterDataset> {
  const path = sharedData(`cookfarm/grids/${name}.tif`)
  const variable = {
    name,
    unit: '',
    kind: 'continuous' as const,
    scale: 1,
    offset: 0,
    nodata: [-9999],
    validRange: null,
    description: '',
  }
  return {
    name,
    grid: await gridOfFile(path),
    variables: [variable],
    files: [{ path, bytes: 0, modifiedMs: 0, sha256: '0'.repeat(64) }],
    scenes: [{ variable: 0, day: null, file: 0, subdataset: '', band: 1 }],
    dateRule: 'no dates',
    notes: [],
  }
}

/** station → row of stations.csv, read plainly. */
function stationList(): Map<string, Record<string, number>> {
  const [head, ...lines] = readFileSync(sharedData('cookfarm/stations.csv'), 'utf8').trim().split(/\r?\n/)
  const names = head.split(',')
  return new Map(
    lines.map((line) => {
      const [station, ...cells] = line.split(',')
      return [station, Object.fromEntries(cells.map((cell, i) => [names[i + 1], Number(cell)]))]
    }),
  )
}

/** `station date` → water content at 0.3 m, read plainly. */
function readings(): Map<string, number> {
  const lines = readFileSync(sharedData('cookfarm/vw_daily.csv'), 'utf8').trim().split(/\r?\n/).slice(1)
  const cells = lines.map((line) => line.split(','))
  return new Map(
    cells
      .filter(([, , depth, vw]) => depth === '0.3' && vw !== '' && vw !== 'NA')
      .map(([station, date, , vw]) => [`${station} ${date}`, Number(vw)]),
  )
}

describeWithSharedData('Cook Farm training rows', () => {
  it('every reading at 0.3 m inside the farm becomes a row with the terrain of its cell', async () => {
    const { set, observations } = await readStationTable(sharedData('cookfarm/vw_daily.csv'), {
      stationsFile: sharedData('cookfarm/stations.csv'),
      stationsColumns: { x: 'easting', y: 'northing' },
      crs: 'EPSG:26911',
      columns: { station: 'station', date: 'date', depth: 'depth_m', values: ['vw'] },
      unit: 'm3 m-3',
    })
    const variable = set.variables.find((one) => one.depth![0] <= 0.3 && one.depth![1] >= 0.3)!
    const table = toDaily(set, observations, { variable: variable.name, depth: variable.depth! })
    const reader = new RasterReader({ cacheBytes: 1e7 })
    try {
      const datasets = new Map<string, RasterDataset>()
      for (const name of ['dem', 'twi']) datasets.set(name, await gridDataset(name))
      const context = { named: {}, datasets, stations: new Map(), reader, minValidFraction: 0.5 }
      const expressions: Record<string, FieldExpression> = {
        dem: 'dem',
        twi: 'twi',
        season: { calendar: 'sinDayOfYear' },
      }
      const predictors = Object.entries(expressions).map(([name, expression]) =>
        compileField(name, expression, context),
      )
      const rows = await rowsFromStations({ table, predictors, fineGrid: datasets.get('dem')!.grid, days: table.days })

      const plain = readings()
      const list = stationList()
      expect(rows.target.length).toBe(plain.size - (rows.excluded['dem:no_data'] ?? 0))
      for (let i = 0; i < rows.target.length; i++) {
        const name = rows.places[rows.place[i]]
        const date = new Date(rows.day[i] * 86_400_000).toISOString().slice(0, 10)
        expect(rows.target[i]).toBe(plain.get(`${name} ${date}`))
      }
      for (const [place, name] of rows.places.entries()) {
        const first = rows.place.indexOf(place)
        const published = list.get(name)!
        // The published list has the value of the grid at the station.
        expect(rows.columns[0][first], name).toBeCloseTo(published.dem, 3)
        expect(rows.columns[1][first], name).toBeCloseTo(published.twi, 3)
      }
      expect(rows.target.length + Object.values(rows.excluded).reduce((sum, count) => sum + count, 0)).toBe(
        table.stations.length * table.days.length,
      )

      const held = leakageReport(rows, makeFolds(rows, Split.parse({ by: 'place' }), 1))
      expect([held.samePlace, held.sameCell, held.nearInTime, held.samePredictors]).toEqual([0, 0, 0, 0])
      const random = leakageReport(rows, makeFolds(rows, Split.parse({ by: 'random' }), 1))
      expect(random.nearInTime).toBeGreaterThan(0.99)
    } finally {
      reader.close()
    }
  })
})
