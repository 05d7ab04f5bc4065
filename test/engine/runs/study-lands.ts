import { addDays, daysOf } from '../../../main/contract/index.ts'
import type { Day } from '../../../main/contract/index.ts'
import { season } from './study-inputs.ts'
import type { Spot, StudyLand, StudyStations, StudyVariable } from './study-inputs.ts'

const days = (from: string, to: string, step = 1): Day[] =>
  daysOf({ from: from as Day, to: to as Day }).filter((_, i) => i % step === 0)

/** What most products have in common: warm where dry, green where wet. */
const warm = (spot: Spot): number => 295 - 70 * (spot.wet - 0.24) + 3 * Math.sin(season(spot)) + 0.4 * spot.noise()
const green = ({ wet, noise }: Spot): number => 0.35 + 1.4 * (wet - 0.24) + 0.02 * noise()
const measured = ({ wet, noise }: Spot): number => wet + 0.01 * noise()
const rain = ({ u, t, noise }: Spot): number => Math.max(0, 6 * Math.sin(t / 4 + 1) + u + 0.3 * noise())

const variable = (name: string, unit: string, value: StudyVariable['value'], kind?: StudyVariable['kind']) => ({
  name,
  unit,
  value,
  ...(kind ? { kind } : {}),
})
const moisture = (name: string) => variable(name, 'm3 m-3', ({ wet, noise }) => wet + 0.004 * noise())
const stations = (name: string, depth: readonly [number, number], on: readonly Day[]): StudyStations => ({
  name,
  variable: 'soil_moisture',
  depth,
  days: on,
  count: 12,
  value: measured,
})
const still = (name: string, cell: number, unit: string, value: StudyVariable['value']) => ({
  name,
  cell,
  variables: [variable(name, unit, value)],
})

/** Land for each study: the products its recipe names, with its coarse cells and coarser fine ones, on the dates it needs. */
export const studyLands = {
  twente: {
    crs: 'EPSG:32632',
    west: 340_000,
    north: 5_800_000,
    side: 5000,
    products: [
      {
        name: 'sm1km',
        cell: 1000,
        days: [...days('2018-01-03', '2018-12-29', 14), ...days('2019-01-05', '2019-01-06')],
        variables: [moisture('sm')],
      },
      {
        name: 's1',
        cell: 100,
        days: days('2018-01-01', '2019-01-12', 6),
        variables: [variable('vv', 'dB', ({ wet, noise }) => -16 + 25 * wet + 0.3 * noise(), 'decibel')],
      },
      {
        name: 's2',
        cell: 100,
        days: days('2018-01-01', '2019-01-20', 20),
        variables: [
          variable('B02', '1', ({ noise }) => 0.05 + 0.003 * noise()),
          variable('B04', '1', ({ wet, noise }) => 0.12 - 0.2 * (wet - 0.24) + 0.003 * noise()),
          variable('B08', '1', ({ wet, noise }) => 0.35 + 0.6 * (wet - 0.24) + 0.005 * noise()),
          // A band of cloud that moves, so that every scene has gaps.
          variable('SCL', '1', ({ u, t }) => (Math.abs(u - ((t / 7) % 1)) < 0.08 ? 9 : 4), 'categorical'),
        ],
      },
      {
        name: 'precipitation',
        cell: 1000,
        days: days('2018-01-01', '2019-01-12'),
        variables: [variable('rain', 'mm', rain)],
      },
      {
        name: 'lst',
        cell: 1000,
        days: days('2018-01-01', '2019-01-12', 4),
        variables: [variable('day', 'K', warm), variable('night', 'K', (spot) => warm(spot) - 9)],
      },
      still('bulk_density', 500, 'kg m-3', ({ height }) => 1200 + height / 10),
      still('clay', 500, '%', ({ u, v }) => 20 + 8 * Math.sin(7 * u) * Math.sin(6 * v + 1)),
      still('sand', 500, '%', ({ u, v }) => 50 - 8 * Math.sin(7 * u) * Math.sin(6 * v + 1)),
    ],
    stations: [
      {
        name: 'wells',
        variable: 'groundwater_depth',
        depth: [2, 2],
        days: days('2018-01-01', '2019-01-12'),
        count: 14,
        value: ({ wet, noise }) => 3 - 6 * wet + 0.02 * noise(),
      },
      stations('raam', [0.05, 0.05], days('2019-01-05', '2019-01-06')),
      stations('twente', [0.05, 0.05], days('2019-01-05', '2019-01-06')),
    ],
  },

  mongolia: {
    crs: 'EPSG:32648',
    west: 300_000,
    north: 5_400_000,
    side: 594_000,
    products: [
      { name: 'smap', cell: 9000, days: days('2021-08-01', '2021-08-31'), variables: [moisture('sm_surface')] },
      {
        name: 'vegetation',
        cell: 4500,
        days: days('2021-07-28', '2021-08-29', 16),
        variables: [
          variable('ndvi', '1', green),
          variable('evi', '1', (spot) => 0.6 * green(spot)),
          variable('reliability', '1', ({ u }) => (u > 0.98 ? 3 : 0), 'categorical'),
        ],
      },
      {
        name: 'lst',
        cell: 4500,
        days: days('2021-08-01', '2021-08-31', 2),
        variables: [
          variable('day', 'K', warm),
          variable('qc', '1', ({ v, t }) => (Math.abs(v - ((t / 5) % 1)) < 0.1 ? 2 : 0), 'categorical'),
        ],
      },
    ],
    stations: [{ ...stations('field', [0, 0.05], ['2021-08-31' as Day]), count: 40 }],
  },

  'northern-china': {
    crs: 'EPSG:32648',
    west: 300_000,
    north: 4_700_000,
    side: 612_000,
    products: [
      { name: 'smap', cell: 36_000, days: days('2020-07-11', '2020-07-26'), variables: [moisture('soil_moisture')] },
      {
        name: 'lst',
        cell: 6000,
        days: days('2020-07-11', '2020-07-26'),
        variables: [
          variable('day', 'K', warm),
          variable('qc', '1', ({ u, t }) => (Math.abs(u - ((t / 6) % 1)) < 0.1 ? 3 : 0), 'categorical'),
        ],
      },
      {
        name: 'albedo',
        cell: 6000,
        days: days('2020-07-11', '2020-07-26'),
        variables: [variable('albedo', '1', ({ wet, noise }) => 0.3 - 0.4 * wet + 0.01 * noise())],
      },
      {
        name: 'leafarea',
        cell: 3000,
        days: days('2020-07-04', '2020-07-28', 8),
        variables: [variable('lai', 'm2 m-2', (spot) => 3 * green(spot))],
      },
      {
        name: 'reflectance',
        cell: 3000,
        days: days('2020-07-04', '2020-07-28', 8),
        variables: [
          variable('b02', '1', ({ wet }) => 0.3 + 0.3 * (wet - 0.24)),
          variable('b04', '1', () => 0.1),
          variable('b06', '1', ({ wet, noise }) => 0.28 - 0.4 * (wet - 0.24) + 0.004 * noise()),
          variable('b07', '1', ({ wet, noise }) => 0.2 - 0.4 * (wet - 0.24) + 0.004 * noise()),
        ],
      },
      {
        name: 'vegetation',
        cell: 6000,
        days: days('2020-06-25', '2020-08-12', 16),
        variables: [variable('ndvi', '1', green), variable('evi', '1', (spot) => 0.6 * green(spot))],
      },
      still('dem', 6000, 'm', ({ height }) => height),
      still('sand', 6000, '%', ({ u }) => 40 + 20 * u),
      still('silt', 6000, '%', ({ u, v }) => 60 - 20 * u - (20 + 5 * Math.sin(6 * v))),
      still('clay', 6000, '%', ({ v }) => 20 + 5 * Math.sin(6 * v)),
    ],
    stations: [
      stations('maqu', [0.05, 0.05], days('2020-07-18', '2020-07-19')),
      stations('babao', [0.04, 0.04], days('2020-07-18', '2020-07-19')),
    ],
  },

  peru: {
    crs: 'EPSG:32719',
    west: 180_000,
    north: 8_540_000,
    side: 144_000,
    products: [
      {
        name: 'smap',
        cell: 9000,
        days: [...days('2020-11-05', '2021-04-28', 8), ...days('2021-05-05', '2021-05-06')],
        variables: [moisture('soil_moisture')],
      },
      { name: 'chirps', cell: 6000, days: days('2020-10-28', '2021-05-06'), variables: [variable('rain', 'mm', rain)] },
      ...['organic_carbon', 'bulk_density', 'cec', 'clay'].map((name, i) =>
        still(name, 3000, '1', ({ u, v, noise }) => 20 + 5 * Math.sin(7 * u) * Math.sin(6 * v + 1) + (1 + i) * noise()),
      ),
      ...['ksat', 'saturated_water', 'residual_water', 'vg_alpha', 'vg_n'].map((name, i) =>
        still(name, 3000, '1', ({ u, v }) => 1 + 0.2 * Math.sin((i + 1) * u) + 0.1 * v),
      ),
      still('dem', 1500, 'm', ({ height }) => height),
      still('twi_fd8', 1500, '1', ({ height, noise }) => 12 - height / 200 + 0.3 * noise()),
      still('twi_mfd', 1500, '1', ({ height, noise }) => 12 - height / 200 + 0.3 * noise()),
      ...['djf', 'mam', 'jja', 'son'].map((name, i) =>
        still(`rain_${name}`, 6000, 'mm', ({ u }) => [8, 4, 1, 3][i] + u),
      ),
    ],
    stations: [{ ...stations('kayra', [0.05, 0.05], days('2021-05-05', '2021-05-06')), count: 14 }],
  },

  naqu: {
    crs: 'EPSG:32646',
    west: 260_000,
    north: 3_650_000,
    side: 300_000,
    products: [
      { name: 'cci', cell: 25_000, days: naquDays(), variables: [moisture('sm')] },
      { name: 'lst', cell: 5000, days: naquDays(), variables: [variable('day', 'K', warm)] },
      {
        name: 'ndvi',
        cell: 5000,
        days: naquDays().filter((_, i) => i % 8 === 0),
        variables: [variable('ndvi', '1', green)],
      },
      {
        name: 'albedo',
        cell: 5000,
        days: naquDays().filter((_, i) => i % 4 === 0),
        variables: [
          variable('black', '1', ({ wet, noise }) => 0.3 - 0.4 * wet + 0.01 * noise()),
          variable('white', '1', ({ wet, noise }) => 0.32 - 0.4 * wet + 0.01 * noise()),
        ],
      },
      {
        name: 'landcover',
        cell: 5000,
        variables: [
          variable(
            'lc',
            '1',
            ({ u, v }) => (u > 0.97 && v > 0.97 ? 17 : v > 0.8 ? 16 : u < 0.15 ? 7 : 10),
            'categorical',
          ),
        ],
      },
      still('dem', 5000, 'm', ({ height }) => height),
    ],
    stations: [stations('naqu', [0, 0.05], days('2014-05-10', '2014-05-11'))],
  },
} satisfies Record<string, StudyLand>

/** The first 14 days of three months of training, and those before the maps. */
function naquDays(): Day[] {
  return ['2013-07-01', '2013-08-01', '2013-09-01', '2014-05-01'].flatMap((from) =>
    days(from, addDays(from as Day, 13)),
  )
}
