import { createHash } from 'node:crypto'
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Recipe } from '../../../main/contract/index.ts'
import type { Day, Observations, RasterDataset, ScoreRow, StationSet } from '../../../main/contract/index.ts'

/** Files with the given texts as a dataset with one scene a day from 2018-07-01 on. */
export function writeDataset(folder: string, name: string, contents: Record<string, string>): RasterDataset {
  const files = Object.entries(contents).map(([file, text]) => {
    const path = join(folder, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    const { size: bytes, mtimeMs: modifiedMs } = statSync(path)
    return { path, bytes, modifiedMs, sha256: createHash('sha256').update(text).digest('hex') }
  })
  return {
    name,
    grid: { crs: 'EPSG:32633', transform: [399960, 30, 0, 5000040, 0, -30.5], rows: 12, cols: 7 },
    variables: [
      {
        name: 'sm',
        unit: 'm3 m-3',
        kind: 'continuous',
        scale: 1e-4,
        offset: 0.05,
        nodata: [-9999, -3.4028234663852886e38],
        validRange: [0, 0.6],
        description: 'surface soil moisture, 0–5 cm',
      },
      {
        name: 'flag',
        unit: '',
        kind: 'categorical',
        scale: 1,
        offset: 0,
        nodata: [],
        validRange: null,
        description: '',
      },
    ],
    files,
    scenes: files.flatMap((_, i) => [
      { variable: 0, day: `2018-07-0${i + 1}` as Day, file: i, subdataset: 'NETCDF:sm', band: 2 },
      { variable: 1, day: `2018-07-0${i + 1}` as Day, file: i, subdataset: '', band: 1 },
    ]),
    dateRule: 'YYYYMMDD in the file name',
    notes: ["it's <b>bold</b>; DROP TABLE runs; --"],
  }
}

export function stationSample(): { set: StationSet; observations: Observations } {
  return {
    set: {
      name: 'hills',
      crs: 'EPSG:4326',
      stations: [
        { id: 'R1', name: 'Ridge', x: 15.1, y: 45.2, elevation: 812.5 },
        { id: 'R2', name: '', x: null, y: null, elevation: null },
      ],
      variables: [
        { name: 'sm', unit: 'm3 m-3', depth: [0, 0.05] },
        { name: 'rain', unit: 'mm', depth: null },
      ],
      daily: { statistic: 'mean', minCount: 3, flags: ['G', ''], timeZone: '+02:00' },
      sources: [{ path: '/nowhere/hills.csv', sha256: 'ab'.repeat(32) }],
      notes: ['two sensors at R1'],
    },
    observations: {
      station: Int32Array.of(0, 0, 0, 0, 1),
      variable: Int32Array.of(0, 0, 0, 1, 0),
      // Two sensors at one instant, an instant before 1970, and one beyond 32 bits.
      observedAtMs: Float64Array.of(-86_400_000, 1_530_403_200_000, 1_530_403_200_000, 0, 4_102_444_800_001),
      value: Float64Array.of(0.1 + 0.2, NaN, -0.25, 1e300, 5e-324),
      flag: Int32Array.of(0, 1, 0, 2, 1),
      flagTexts: ['G', '', 'D03'],
    },
  }
}

export const recipeSample = Recipe.parse({
  loam: 'recipe/1',
  name: 'Hills',
  grid: { like: 'dem' },
  target: { stations: 'hills', variable: 'sm' },
  predictors: { height: 'dem' },
  learner: { type: 'forest' },
  product: { period: { from: '2018-07-01', to: '2018-07-31' } },
})

export function scoreSample(): ScoreRow[] {
  const measure = { value: 0.123456789012345, low: -1, high: null }
  const unknown = { value: NaN, low: null, high: null }
  const measures = {
    pearsonR: measure,
    rmse: measure,
    bias: measure,
    ubrmse: measure,
    mae: measure,
    slope: unknown,
    rSquared: unknown,
    nse: unknown,
    kge: unknown,
  }
  return [
    {
      validation: 'crossValidation',
      subject: 'place folds',
      part: 'overall',
      measured: true,
      scores: { n: 10, groups: 3, pValue: 1e-12, measures },
    },
    {
      validation: 'amsr',
      subject: 'coarse product',
      part: 'month:2018-07',
      measured: false,
      scores: { n: 2, groups: 1, pValue: null, measures },
    },
  ]
}
