import { expect, test } from 'vitest'
import { testServer } from './server.ts'

test('GET /crs answers with what proj4 needs, and refuses what is no CRS', async () => {
  const { get } = await testServer()
  const good = await get('/crs/EPSG%3A28992?x=190000&y=405000')
  expect(await good.json()).toMatchObject({ name: 'Amersfoort / RD New', proj4: expect.stringContaining('+towgs84=') })
  expect((await get('/crs/EPSG%3A28992?x=east')).status).toBe(400)
  expect(await (await get('/crs/EPSG%3A999999')).json()).toMatchObject({ code: 'unsupported_grid' })
})
