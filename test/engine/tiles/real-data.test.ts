import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decodeTile } from '../../../main/contract/index.ts'
import type { Day } from '../../../main/contract/index.ts'
import { Engine } from '../../../main/engine/engine.ts'
import { MapService } from '../../../main/engine/tiles/index.ts'
import { describeWithSharedData, sharedData } from '../../shared-data.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

describeWithSharedData('layers of real products', () => {
  test('a preview of the Cook Farm probes from its grids, drawn in a web map CRS too', async () => {
    const engine = await Engine.create(join(temporaryFolder(), 'cook.loam'))
    const map = new MapService(engine.project)
    try {
      const grid = (name: string) => sharedData(`cookfarm/grids/${name}.tif`)
      for (const name of ['dem', 'twi', 'ndre_mean'])
        await engine.addRasters({ name, paths: [grid(name)], dateRule: 'static' })
      const { set } = await engine.addStations({
        format: 'table',
        name: 'probes',
        path: sharedData('cookfarm/vw_daily.csv'),
        table: {
          stationsFile: sharedData('cookfarm/stations.csv'),
          columns: { values: ['vw'] },
          crs: 'EPSG:26911',
          unit: 'm3 m-3',
        },
      })
      const recipe = {
        grid: { like: 'dem' },
        target: { stations: 'probes', variable: 'vw', depth: [0.3, 0.3] },
        predictors: { dem: 'dem', twi: 'twi', ndre: 'ndre_mean', day: { calendar: 'dayNumber' } },
        split: { by: 'place', folds: 5 },
        learner: { type: 'forest', treeCount: 126 },
        product: {},
      }
      const answer = await map.preview(recipe, 2000)
      expect(answer.rows).toBeGreaterThan(500)
      expect(answer.applicabilityThreshold).toBeGreaterThan(0)
      for (const crs of [undefined, 'EPSG:3857']) {
        const layer = await map.openLayer({ of: 'preview', preview: answer.id, layer: 'prediction' }, crs)
        expect(layer.sampled!.low).toBeGreaterThan(0)
        expect(layer.sampled!.high).toBeLessThan(0.6)
        const bytes = await map.tile(layer.id, '2012-05-01' as Day, { level: layer.levels - 1, row: 0, col: 0 })
        const tile = decodeTile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
        expect(tile.values.filter((value) => value > 0).length).toBeGreaterThan(1000)
      }
      const { x, y } = set.stations[0]
      const ids = [(await map.openLayer({ of: 'preview', preview: answer.id, layer: 'prediction' })).id]
      const { models } = await map.inspect({ x: x!, y: y!, crs: set.crs }, '2012-05-01' as Day, ids)
      expect(models[0].fault).toBeNull()
      expect(models[0].dissimilarity!.isInside).toBe(true)
      expect(models[0].interval!.low).toBeLessThan(models[0].interval!.high)
    } finally {
      map.close()
      await engine.close()
    }
  })

  test('SMAP 9 km over Western Australia, daily in one NetCDF', async () => {
    const engine = await Engine.create(join(temporaryFolder(), 'smap.loam'))
    const map = new MapService(engine.project)
    try {
      const path = sharedData('smap9km_era5land_west_australia/smap_9km_daily.nc')
      const dataset = await engine.addRasters({ name: 'smap', paths: [path] })
      const variable = dataset.variables[0].name
      const source = { of: 'dataset' as const, dataset: 'smap', variable }
      for (const crs of [undefined, 'EPSG:4326', 'EPSG:28350']) {
        const layer = await map.openLayer(source, crs)
        expect(layer.sampled).not.toBeNull()
        const days = layer.times as Day[]
        let valid = 0
        for (const day of days.slice(0, 3)) {
          const bytes = await map.tile(layer.id, day, { level: layer.levels - 1, row: 0, col: 0 })
          const tile = decodeTile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
          valid += tile.values.filter((value) => value >= 0 && value < 0.7).length
        }
        expect(valid).toBeGreaterThan(100)
      }
    } finally {
      map.close()
      await engine.close()
    }
  })
})
