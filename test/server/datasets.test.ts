import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decodeTile } from '../../main/contract/index.ts'
import type {
  AcceptResult,
  Coverage,
  DatasetCard,
  DatasetRow,
  RelinkResult,
  Survey,
  WorkspaceState,
} from '../../main/contract/index.ts'
import { Engine } from '../../main/engine/engine.ts'
import { writeGeoTiff } from '../../main/engine/raster/index.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { ended, surveyed } from './import.ts'
import { testServer } from './server.ts'
import type { TestServer } from './server.ts'

const fine = { crs: 'EPSG:32631', transform: [500_000, 10, 0, 5_000_000, 0, -10], rows: 20, cols: 20 } as const
const coarse = { crs: 'EPSG:32631', transform: [500_000, 100, 0, 5_000_000, 0, -100], rows: 2, cols: 2 } as const

async function write(path: string, grid: typeof fine | typeof coarse, value: (i: number) => number): Promise<void> {
  const values = Float32Array.from({ length: grid.rows * grid.cols }, (_, i) => value(i))
  await writeGeoTiff(path, { grid: { ...grid, transform: [...grid.transform] }, bands: [{ name: '', values }] })
}

/** A folder with a coarse series (one day missing, one twice), a fine series, terrain, a table of stations, and rubbish. */
async function dropped(): Promise<{ folder: string; data: string; server: TestServer }> {
  const folder = temporaryFolder()
  const data = join(folder, 'data')
  mkdirSync(join(data, 'sm'), { recursive: true })
  for (const day of ['20180601', '20180602', '20180603', '20180605', '20180606'])
    await write(join(data, 'sm', `soil_moisture_${day}.tif`), coarse, (i) => (i === 0 ? Number.NaN : 0.2 + i / 100))
  await write(join(data, 'sm', 'soil_moisture_201806061200.tif'), coarse, () => 0.3)
  for (const day of ['20180601', '20180602']) await write(join(data, `ndvi_${day}.tif`), fine, (i) => (i % 20) / 20)
  await write(join(data, 'slope.tif'), fine, (i) => i / 10)
  writeFileSync(
    join(data, 'probes.csv'),
    'station,easting,northing,date,vwc_5cm\n' +
      ['a', 'b']
        .flatMap((id, i) => [1, 2, 3].map((d) => `${id},${500_050 + 40 * i},4999950,2018-06-0${d},0.${20 + d + i}`))
        .join('\n'),
  )
  writeFileSync(join(data, 'broken.tif'), 'II*\0 this is no raster')
  const engine = await Engine.create(join(folder, 'farm.loam'))
  await engine.close()
  return { folder, data, server: await testServer(join(folder, 'farm.loam')) }
}

test('a dropped folder is sorted into products, each understood, and what is refused says why', async () => {
  const { data, server } = await dropped()
  const survey = await surveyed(server, [data])
  expect(survey.state).toBe('done')
  const byName = Object.fromEntries(survey.products.map((product) => [product.name, product]))
  expect(Object.keys(byName).sort()).toEqual(['ndvi', 'probes', 'slope', 'soil_moisture'])
  expect(byName.soil_moisture).toMatchObject({
    title: 'soil_moisture_….tif',
    role: 'target',
    files: 6,
    looked: 6,
    raster: {
      days: ['2018-06-01', '2018-06-02', '2018-06-03', '2018-06-05', '2018-06-06'],
      missing: ['2018-06-04'],
      duplicated: ['2018-06-06'],
      cellText: '100 m',
      variables: [{ name: 'soil_moisture', unit: '', assumed: ['unit'], sample: { validShare: (5 * 3 + 4) / 24 } }],
    },
  })
  expect(byName.soil_moisture.raster?.examples).toHaveLength(3)
  expect(byName.soil_moisture.raster?.examples[0]).toEqual({ text: 'soil_moisture_20180601.tif', day: '2018-06-01' })
  expect(byName.slope).toMatchObject({ role: 'predictor', raster: { days: [] } })
  expect(byName.probes).toMatchObject({
    kind: 'stations',
    role: 'stations',
    refusal: { question: 'crs' },
  })
  expect(survey.refused).toMatchObject([{ path: join(data, 'broken.tif') }])
  expect(survey.refused[0].message.length).toBeGreaterThan(20)
})

test('what the user says changes a product, before it is added', async () => {
  const { data, server } = await dropped()
  const survey = await surveyed(server, [data])
  const product = survey.products.find(({ name }) => name === 'soil_moisture')!
  const settings = { raster: { variables: { soil_moisture: { unit: 'm3 m-3', scale: 0.01, nodata: [0.3] } } } }
  const reviewed = await (await server.post(`/surveys/${survey.id}/products/${product.id}`, settings)).json()
  expect(reviewed).toMatchObject({
    raster: { variables: [{ unit: 'm3 m-3', scale: 0.01, nodata: [0.3], assumed: [] }], settings: settings.raster },
  })
  const wrong = await (
    await server.post(`/surveys/${survey.id}/products/${product.id}`, { raster: { dateRule: 'YYYYDDD' } })
  ).json()
  expect(wrong).toMatchObject({ refusal: { code: 'no_dates', question: 'dateRule' } })
  const stations = survey.products.find(({ name }) => name === 'probes')!
  const placed = await (
    await server.post(`/surveys/${survey.id}/products/${stations.id}`, { stations: { crs: 'EPSG:32631' } })
  ).json()
  expect(placed).toMatchObject({ refusal: null, stations: { stations: ['a', 'b'], observations: 6 } })
  const table = await (await server.get(`/surveys/${survey.id}/products/${stations.id}/table`)).json()
  expect(table).toMatchObject({
    separator: 'comma',
    columns: [{ role: 'station' }, { role: 'x' }, { role: 'y' }, { role: 'date', isDate: true }, { role: 'value' }],
  })
  expect((table as { first: string[][] }).first[0]).toEqual(['a', '500050', '4999950', '2018-06-01', '0.21'])
})

test('a list of stations places the table beside it once its CRS was said', async () => {
  const { data, server } = await dropped()
  const folder = join(data, '..', 'listed')
  mkdirSync(folder)
  writeFileSync(join(folder, 'values.csv'), 'station,date,vwc_5cm\na,2018-06-01,0.21\nb,2018-06-02,0.22\n')
  writeFileSync(join(folder, 'list.csv'), 'station,easting,northing\na,500050,5000000\nb,500250,4999900\n')
  const survey = await surveyed(server, [folder])
  const list = survey.products.find(({ kind }) => kind === 'station list')!
  expect(list.refusal).toMatchObject({ question: 'crs' })
  await server.post(`/surveys/${survey.id}/products/${list.id}`, { stations: { crs: 'EPSG:32631' } })
  const { products } = (await (await server.get(`/surveys/${survey.id}`)).json()) as Survey
  expect(products.find(({ kind }) => kind === 'stations')).toMatchObject({
    refusal: null,
    stations: { crs: 'EPSG:32631', settings: { stationsFile: join(folder, 'list.csv') } },
  })
})

test('adding is one step: undo takes all of it out, redo brings it back', async () => {
  const { data, server } = await dropped()
  const survey = await surveyed(server, [data])
  const id = (name: string): string => survey.products.find((product) => product.name === name)!.id
  await server.post(`/surveys/${survey.id}/products/${id('probes')}`, { stations: { crs: 'EPSG:32631' } })
  const products = [
    { id: id('soil_moisture'), name: 'sm', role: 'target' },
    { id: id('ndvi'), name: 'ndvi', role: 'predictor' },
    { id: id('slope'), name: 'slope', role: 'predictor' },
    { id: id('probes'), name: 'probes', role: 'stations' },
  ]
  const task = await ended(server, await server.post(`/surveys/${survey.id}/accept`, { products }))
  expect(task).toMatchObject({ state: 'done', fault: null })
  expect(task.result as AcceptResult).toEqual({
    datasets: ['sm', 'ndvi', 'slope'],
    stationSets: ['probes'],
    failed: [],
  })
  const workspace = async (): Promise<WorkspaceState> =>
    (await server.get('/workspace')).json() as Promise<WorkspaceState>
  const after = await workspace()
  expect(after.undo).toBe('Add 4 datasets')
  expect(after.document).toMatchObject({
    crs: 'EPSG:32631',
    recipe: { target: { raster: 'sm' }, predictors: { ndvi: 'ndvi', slope: 'slope' } },
    removed: { datasets: [], stationSets: [] },
  })
  const undone = (await (await server.post('/workspace/undo', { revision: after.revision })).json()) as WorkspaceState
  expect(undone.document).toMatchObject({
    crs: null,
    recipe: {},
    removed: { datasets: ['sm', 'ndvi', 'slope'], stationSets: ['probes'] },
  })
  const redone = (await (await server.post('/workspace/redo', { revision: undone.revision })).json()) as WorkspaceState
  expect(redone.document.removed).toEqual({ datasets: [], stationSets: [] })
  expect(await (await server.get('/datasets')).json()).toMatchObject([
    { name: 'ndvi', days: 2, cellText: '10 m' },
    { name: 'slope', days: 0 },
    { name: 'sm', days: 5, missingFiles: 0 },
  ] satisfies Partial<DatasetRow>[])
  const coverage = (await (await server.get('/datasets/sm/coverage')).json()) as Coverage
  expect(coverage.days).toHaveLength(5)
  expect(coverage.validShare).toEqual([0.75, 0.75, 0.75, 0.75, 0.75])
  expect([coverage.missing, coverage.duplicated]).toEqual([['2018-06-04'], ['2018-06-06']])
  // A name that is taken out is free again.
  const again = await ended(
    server,
    await server.post(`/surveys/${survey.id}/accept`, {
      products: [{ id: id('slope'), name: 'sm', role: 'predictor' }],
    }),
  )
  expect((again.result as AcceptResult).failed).toMatchObject([{ code: 'name_taken' }])
})

test('a dataset says where its files are, what uses it, and is found again after a move', async () => {
  const { folder, data, server } = await dropped()
  const survey = await surveyed(server, [join(data, 'sm')])
  const [product] = survey.products
  const [{ id }] = survey.products
  const picture = decodeTile(await (await server.get(`/surveys/${survey.id}/products/${id}/picture`)).arrayBuffer())
  expect([picture.rows, picture.cols]).toEqual([2, 2])
  expect([...picture.values].map((value) => Math.round(value * 100))).toEqual([Number.NaN, 21, 22, 23])
  expect(product.name).toBe('soil_moisture')
  await ended(
    server,
    await server.post(`/surveys/${survey.id}/accept`, { products: [{ id, name: 'sm', role: 'target' }] }),
  )
  const card = async (): Promise<DatasetCard> => (await server.get('/datasets/sm')).json() as Promise<DatasetCard>
  expect(await card()).toMatchObject({ usedBy: [{ kind: 'recipe', name: 'target' }], missingFiles: 0 })
  // Under another name everything that names it follows, now and in the history.
  expect((await server.post('/datasets/sm/rename', { to: 'a.b' })).status).toBe(400)
  expect((await server.post('/datasets/sm/rename', { to: 'coarse' })).status).toBe(200)
  const renamed = (await (await server.get('/datasets/coarse')).json()) as DatasetCard
  expect(renamed).toMatchObject({ name: 'coarse', usedBy: [{ kind: 'recipe', name: 'target' }], validShare: 0.75 })
  expect((await server.get('/datasets/sm')).status).toBe(404)
  const workspace = async (): Promise<WorkspaceState> =>
    (await (await server.get('/workspace')).json()) as WorkspaceState
  const { revision } = await workspace()
  await server.post('/workspace/undo', { revision })
  expect((await workspace()).document.removed.datasets).toEqual(['coarse'])
  await server.post('/workspace/redo', { revision: revision + 1 })
  expect((await server.post('/datasets/coarse/rename', { to: 'sm' })).status).toBe(200)
  const footprints = await (await server.get('/footprints?crs=EPSG:4326')).json()
  expect(footprints).toMatchObject([{ name: 'sm' }])
  const moved = join(folder, 'elsewhere', 'deep', 'down')
  mkdirSync(join(folder, 'elsewhere', 'deep'), { recursive: true })
  renameSync(join(data, 'sm'), moved)
  expect((await card()).files.filter(({ isThere }) => !isThere)).toHaveLength(6)
  const elsewhere = join(folder, 'elsewhere')
  const trial = await ended(server, await server.post('/relink', { folder: elsewhere, isTrial: true }))
  expect((trial.result as RelinkResult).found).toHaveLength(6)
  expect((await card()).missingFiles).toBe(6)
  const task = await ended(server, await server.post('/relink', { folder: elsewhere }))
  expect(task.result).toEqual(trial.result)
  const found = await card()
  expect(found.missingFiles).toBe(0)
  expect(found.files[0].path).toBe(join(moved, 'soil_moisture_20180601.tif'))
})

test('paths that are not whole, unknown surveys and products are refused', async () => {
  const { data, server } = await dropped()
  expect((await server.post('/surveys', { paths: ['data'] })).status).toBe(400)
  expect((await server.get('/surveys/none')).status).toBe(404)
  const survey = await surveyed(server, [join(data, 'slope.tif')])
  const accept = { products: [{ id: 'p9', name: 'x', role: 'target' }] }
  expect((await server.post(`/surveys/${survey.id}/accept`, accept)).status).toBe(404)
  const gone = (await surveyed(server, [join(data, 'nothing.tif')])) satisfies Survey
  expect(gone.state).toBe('failed')
})
