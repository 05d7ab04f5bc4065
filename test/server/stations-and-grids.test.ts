import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type {
  FieldCheck,
  GridAudit,
  GridSuggestion,
  KrigingProof,
  StationSeries,
  StationSetCard,
} from '../../main/contract/index.ts'
import { Engine } from '../../main/engine/engine.ts'
import { writeGeoTiff } from '../../main/engine/raster/index.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { testServer } from './server.ts'
import type { TestServer } from './server.ts'

/** 36 km coarse cells over 1 km fine ones that start `shift` metres east of where they would fit, and two stations. */
async function farm(shift = 0): Promise<TestServer> {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'in'))
  const write = (name: string, cell: number, cells: number, x: number): Promise<void> =>
    writeGeoTiff(join(folder, 'in', name), {
      grid: { crs: 'EPSG:32631', transform: [x, cell, 0, 5_000_000, 0, -cell], rows: cells, cols: cells },
      bands: [{ name: '', values: new Float32Array(cells * cells).fill(0.25) }],
    })
  for (const day of [1, 2, 3]) await write(`sm_2018060${day}.tif`, 36_000, 2, 468_000)
  await write('dem.tif', 1000, 36, 468_000 + shift)
  const rows = [1, 2, 3].flatMap((d) => [
    `a,2.6,44.9,2018-06-0${d},0.${20 + d}`,
    `b,2.7,44.9,2018-06-0${d},${d === 2 ? '' : `0.${30 + d}`}`,
  ])
  writeFileSync(join(folder, 'in', 'probes.csv'), `station,lon,lat,date,vwc_5cm\n${rows.join('\n')}\n`)
  const engine = await Engine.create(join(folder, 'farm.loam'))
  await engine.addRasters({ name: 'sm', paths: [join(folder, 'in')], pattern: 'sm_*' })
  await engine.addRasters({ name: 'dem', paths: [join(folder, 'in', 'dem.tif')], overrides: { unit: 'm' } })
  await engine.addStations({ format: 'table', name: 'probes', path: join(folder, 'in', 'probes.csv'), table: {} })
  await engine.close()
  return testServer(join(folder, 'farm.loam'))
}

test('stations are told with places in any CRS, their series, and the values of a day', async () => {
  const server = await farm()
  expect(await (await server.get('/stations')).json()).toMatchObject([
    { name: 'probes', stations: 2, hasPlaces: true, firstDay: '2018-06-01', lastDay: '2018-06-03', missingFiles: 0 },
  ])
  const card = (await (await server.get('/stations/probes?crs=EPSG:32631')).json()) as StationSetCard
  expect(card.stations.map(({ id, n, missing }) => [id, n, missing])).toEqual([
    ['a', 3, 0],
    ['b', 2, 0],
  ])
  // West of the zone's middle (3° E): 0.4° at 44.9° N are about 31.6 km.
  expect(card.stations[0].x).toBeGreaterThan(500_000 - 32_000)
  expect(card.stations[0].x).toBeLessThan(500_000 - 31_000)
  const query = 'variable=vwc&depthFrom=0.05&depthTo=0.05'
  const series = (await (await server.get(`/stations/probes/series/b?${query}`)).json()) as StationSeries
  expect(series).toMatchObject({ unit: 'm3 m-3', depth: [0.05, 0.05], values: [0.31, null, 0.33] })
  expect(await (await server.get(`/stations/probes/series/b?${query}&from=2018-06-03`)).json()).toMatchObject({
    days: ['2018-06-03'],
  })
  const day = await (await server.get(`/stations/probes/days/2018-06-02?${query}`)).json()
  expect(day).toEqual({ unit: 'm3 m-3', values: [0.22, null] })
  expect((await server.get(`/stations/probes/days/june?${query}`)).status).toBe(400)
  expect((await server.get('/stations/none')).status).toBe(404)
  expect((await server.get('/stations/probes/series/b?variable=rain')).status).toBe(404)
})

test('grids are suggested from the finest data, with reasons', async () => {
  const server = await farm()
  const found = (await (await server.post('/grids/suggest', {})).json()) as GridSuggestion
  expect(found.crs[0]).toMatchObject({ crs: 'EPSG:32631', isMetric: true })
  expect(found.crs[0].reason).toContain('dem')
  expect(found.fine).toMatchObject({ spec: { like: 'dem' }, grid: { rows: 36, cols: 36 } })
  expect(found.area).toEqual([468_000, 4_964_000, 504_000, 5_000_000])
  expect(found.period).toEqual({ from: '2018-06-01', to: '2018-06-03' })
  const moved = await (
    await server.post('/grids/extent', { from: { crs: 'EPSG:32631', extent: found.area }, crs: 'EPSG:4326' })
  ).json()
  const { extent } = moved as { extent: number[] }
  expect(extent[2]).toBeCloseTo(3.05, 1)
  expect((await server.post('/grids/extent', { from: { dataset: 'none' }, crs: 'EPSG:4326' })).status).toBe(404)
})

test('the audit says in one line how the grids nest, and how to mend a shift', async () => {
  const nested = (await (
    await (await farm()).post('/grids/audit', { fine: { like: 'dem' }, coarse: 'sm', crs: 'EPSG:32631' })
  ).json()) as GridAudit
  expect(nested.findings[0]).toEqual({
    tone: 'good',
    text: 'A 36 km cell holds exactly 1\u2009296 cells of 1 km.',
    of: 'fine',
    snap: null,
  })
  expect(nested).toMatchObject({ scaleFactor: { x: 36, y: 36 }, overlap: 1, cells: 1296 })
  expect(nested.grids.map(({ of }) => of)).toEqual(['coarse', 'fine'])

  const server = await farm(500)
  const audit = async (fine: unknown): Promise<GridAudit> =>
    (await (await server.post('/grids/audit', { fine, coarse: 'sm', crs: 'EPSG:4326' })).json()) as GridAudit
  const shifted = await audit({ like: 'dem' })
  expect(shifted.findings[0]).toMatchObject({ tone: 'warn', text: expect.stringMatching(/500 m .*half a cell/) })
  const mended = await audit(shifted.findings[0].snap)
  expect(mended.findings[0].tone).toBe('good')
  const odd = await audit({ crs: 'EPSG:32631', cellSize: 700, extent: [468_000, 4_964_000, 504_000, 5_000_000] })
  expect(odd.findings[0]).toMatchObject({ tone: 'warn', text: expect.stringContaining('51.43 × 51.43') })
  const away = await audit({ crs: 'EPSG:32631', cellSize: 1000, extent: [668_000, 4_964_000, 704_000, 5_000_000] })
  expect(away).toMatchObject({ overlap: 0 })
  expect(away.findings.map(({ tone }) => tone)).toContain('bad')
})

test('the audit judges the training grid between coarse and fine', async () => {
  const server = await farm()
  const audit = async (training: unknown): Promise<GridAudit> => {
    const body = { fine: { like: 'dem' }, coarse: 'sm', training, crs: 'EPSG:32631' }
    return (await (await server.post('/grids/audit', body)).json()) as GridAudit
  }
  const ofTraining = ({ findings }: GridAudit) => findings.filter(({ of }) => of === 'training')
  const nested = await audit({ like: 'dem', factor: 9 })
  expect(nested.grids.map(({ of }) => of)).toEqual(['coarse', 'training', 'fine'])
  expect(ofTraining(nested).map(({ tone, text }) => [tone, text])).toEqual([
    ['good', 'A 36 km cell holds exactly 16 training cells of 9 km.'],
    ['good', 'A training cell of 9 km averages 81 fine cells of 1 km.'],
  ])
  const { extent } = { extent: [464_000, 4_960_000, 509_000, 5_005_000] }
  const shifted = await audit({ crs: 'EPSG:32631', cellSize: 9000, extent })
  const [first] = ofTraining(shifted)
  expect(first).toMatchObject({ tone: 'warn', text: expect.stringMatching(/^The training grid lies .* m (east|west)/) })
  expect(ofTraining(await audit(first.snap))[0].tone).toBe('good')
  const gathered = ofTraining(await audit({ like: 'sm', factor: 2 }))
  expect(gathered[0]).toMatchObject({ tone: 'good', text: expect.stringContaining('gathers 4 coarse cells') })
  const finer = ofTraining(
    await audit({ crs: 'EPSG:32631', cellSize: 500, extent: [468_000, 4_964_000, 504_000, 5_000_000] }),
  )
  expect(finer.at(-1)).toMatchObject({ tone: 'bad', text: expect.stringContaining('smaller than the fine ones') })
  const away = ofTraining(
    await audit({ crs: 'EPSG:32631', cellSize: 9000, extent: [900_000, 4_964_000, 936_000, 5_000_000] }),
  )
  expect(away.at(-1)).toMatchObject({ tone: 'bad', text: expect.stringContaining('does not reach') })
})

test('a field is told what it would be, or what is wrong with it', async () => {
  const server = await farm()
  const check = async (expression: unknown, fields = {}): Promise<FieldCheck> =>
    (await (await server.post('/fields/check', { name: 'f', expression, fields })).json()) as FieldCheck
  expect(await check({ terrain: 'slope', elevation: 'dem' })).toMatchObject({
    field: { unit: 'deg', times: 'static' },
    faults: [],
  })
  const filled = await check({ fillInTime: 'cover', maxAgeDays: 4 }, { cover: { series: 'sm' } })
  expect(filled.field?.lineage).toMatch(/4 days/)
  expect(await check({ terrain: 'slope', elevation: 'den' })).toMatchObject({
    field: null,
    faults: [{ code: 'unknown_name', message: expect.stringContaining('dem') }],
  })
  expect(await check({ index: 'NDVI', bands: { nir: 'dem' } })).toMatchObject({
    field: null,
    faults: [{ message: expect.stringContaining('red') }],
  })
  expect(await check({ slope: 1 })).toMatchObject({ field: null, faults: [{ code: 'bad_recipe' }] })
})

test('a kriged field is proved: pairs by lag, the model through them, and each station from the others', async () => {
  const server = await farm()
  const model = [
    { shape: 'nug', partialSill: 0.001 },
    { shape: 'sph', partialSill: 0.004, range: 20_000 },
  ]
  const expression = { kriged: 'probes', variable: 'vwc', crs: 'EPSG:32631', variogram: model }
  const ask = (body: unknown): Promise<Response> => server.post('/fields/kriging', body)
  const proof = (await (await ask({ expression, day: '2018-06-03' })).json()) as KrigingProof
  expect(proof).toMatchObject({ crs: 'EPSG:32631', lengthUnit: 'm', unit: 'm3 m-3', model })
  // The only pair is farther apart than a third of the diagonal around the stations, to where lags are looked at.
  expect(proof.bins).toEqual([])
  for (const { lag, semivariance } of proof.line) {
    const t = Math.min(1, lag / 20_000)
    expect(semivariance).toBeCloseTo(0.001 + 0.004 * (1.5 * t - 0.5 * t ** 3), 12)
  }
  // Ordinary kriging from one station is its value: errors of +0.1 and −0.1.
  expect(proof.leaveOneOut.n).toBe(2)
  expect(proof.leaveOneOut.bias).toBeCloseTo(0, 9)
  expect(proof.leaveOneOut.rmse).toBeCloseTo(0.1, 9)
  expect(await (await ask({ expression: 'dem', day: '2018-06-03' })).json()).toMatchObject({ code: 'bad_recipe' })
  expect((await ask({ expression, day: 'june' })).status).toBe(400)
})
