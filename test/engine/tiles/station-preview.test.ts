import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addDays, decodeTile } from '../../../main/contract/index.ts'
import type { Day } from '../../../main/contract/index.ts'
import { MapService } from '../../../main/engine/tiles/index.ts'
import { recordTinyFarm } from '../../fronts/recorded-farm.ts'
import { tinyRecipe } from '../../fronts/tiny-farm.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

const firstDay = '2011-05-01' as Day

test('a preview of stations, its series beside what the nearest station observed', async () => {
  const folder = join(temporaryFolder(), 'farm')
  mkdirSync(folder)
  const engine = await recordTinyFarm(folder)
  const map = new MapService(engine.project)
  try {
    // A draft: no name, no dates of maps.
    const { name: _name, product: _product, ...draft } = tinyRecipe
    const answer = await map.preview({ ...draft, product: { intervals: [0.25, 0.75] } }, 2000)
    expect(answer).toMatchObject({ rows: 240, rowsOf: 240, days: 20, daysOf: 20, intervalLevels: [0.25, 0.75] })
    expect((await map.preview({ ...draft, product: {} }, 60)).rows).toBe(60)

    const layer = await map.openLayer({ of: 'preview', preview: answer.id, layer: 'prediction' })
    const days = Array.from({ length: 20 }, (_, i) => addDays(firstDay, i))
    // Station P0 stands in row 1, column 1.
    const at = { x: 500_015, y: 5_799_985, crs: 'EPSG:32632' }
    const stations = [
      { set: 'probes', variable: 'sm', depth: [0.05, 0.05] as [number, number], within: 30 },
      { set: 'none', variable: 'sm', within: 30 },
    ]
    const { series } = await map.cellSeries(at, { days, layers: [layer.id], runs: [], stations })
    const [predicted, observed, none] = series
    expect(observed).toMatchObject({ id: 'observed:probes', name: 'P0', unit: 'm3 m-3' })
    expect(none.fault?.code).toBe('unknown_name')
    const residual = predicted.values.map((value, i) => value! - observed.values[i]!)
    expect(Math.max(...residual.map(Math.abs))).toBeLessThan(0.05)
    expect(predicted.values[19]!).toBeGreaterThan(predicted.values[0]!)
    const bytes = await map.tile(layer.id, days[4], { level: 0, row: 0, col: 0 })
    const tile = decodeTile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
    expect(predicted.values[4]).toBe(tile.values[24 + 1])
    const far = await map.cellSeries({ ...at, x: 500_500 }, { days, layers: [], runs: [], stations: [stations[0]] })
    expect(far.series[0].values.every((value) => value === null)).toBe(true)
  } finally {
    map.close()
    await engine.close()
  }
})
