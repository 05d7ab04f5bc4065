import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decodeTile } from '../../../main/contract/index.ts'
import { MapService } from '../../../main/engine/tiles/index.ts'
import { elevationOf, hillshadeSource } from '../../../renderer/map/base/hillshade.ts'
import { TileProject, day, utm } from '../../engine/tiles/tile-project.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

test('a plane gets the light of its slope and aspect', async () => {
  const project = await TileProject.create(join(temporaryFolder(), 'shade'))
  const grid = utm(10, 20, 20)
  // Rises by 0.3 m per metre to the east and 0.1 to the north: it faces west-south-west.
  const [east, north] = [0.3, 0.1]
  const plane = Float32Array.from({ length: 400 }, (_, i) => 100 + 10 * (east * (i % 20) - north * Math.floor(i / 20)))
  await project.add('dem', grid, { static: plane }, { unit: 'm' })
  const map = new MapService(project.engine.project, { folder: null })
  try {
    const layer = await map.openLayer(hillshadeSource({ dataset: 'dem', variable: 'dem' }))
    const bytes = await map.tile(layer.id, day('2020-01-01'), { level: 0, row: 0, col: 0 })
    const { values } = decodeTile(bytes.slice().buffer)
    // The angle between the light and what stands upright on the plane.
    const light = [-0.5, 0.5, Math.SQRT1_2]
    const upright = [-east, -north, 1].map((each) => each / Math.hypot(east, north, 1))
    const expected = light.reduce((sum, each, i) => sum + each * upright[i], 0)
    expect(values[10 * 20 + 10]).toBeCloseTo(expected, 4)
  } finally {
    map.close()
    await project.close()
  }
})

test('elevation is found by unit and name', () => {
  const row = (name: string, unit: string, firstDay: string | null) =>
    ({ name, firstDay, variables: [{ name: 'band1', unit, kind: 'continuous' }] }) as never
  const rows = [
    row('ndvi', '1', null),
    row('tree_height', 'm', '2018-07-04'),
    row('depth', 'm', null),
    row('dem', 'm', null),
  ]
  expect(elevationOf(rows)).toEqual({ dataset: 'dem', variable: 'band1' })
  expect(elevationOf(rows.slice(0, 3))).toBeNull()
})
