import type { Grid } from '../../contract/index.ts'
import { Random } from '../numeric/index.ts'
import { gridExtent, transformPoints } from '../raster/index.ts'
import { smoothNoise } from './smooth-noise.ts'
import { placeCrs, streams } from './place.ts'
import type { Place } from './place.ts'
import type { Truth } from './water-balance.ts'
import type { Weather } from './weather.ts'

/** Kelvin are stored as unsigned whole numbers, K ÷ 0.02, 0 where there is no value, as MOD11A1 does. */
export const thermalScale = 0.02
export const thermalNodata = 0
/** 1/120 degree, about 0.6 × 0.9 km here. */
const cellDegrees = 1 / 120
const margin = 3

/** The geographic grid of the surface temperatures, a few cells larger than the catchment on every side. */
export function makeThermalGrid(place: Place): Grid {
  const [west, south, east, north] = gridExtent(place.fineGrid)
  const lon = Float64Array.of(west, east, west, east)
  const lat = Float64Array.of(south, south, north, north)
  transformPoints(placeCrs, 'EPSG:4326', lon, lat)
  const left = Math.floor(Math.min(...lon) / cellDegrees) - margin
  const right = Math.ceil(Math.max(...lon) / cellDegrees) + margin
  const bottom = Math.floor(Math.min(...lat) / cellDegrees) - margin
  const top = Math.ceil(Math.max(...lat) / cellDegrees) + margin
  return {
    crs: 'EPSG:4326',
    transform: [left * cellDegrees, cellDegrees, 0, top * cellDegrees, 0, -cellDegrees],
    rows: top - bottom,
    cols: right - left,
  }
}

/** For each thermal cell the rows and columns of fine cells it looks at: [row0, row1, col0, col1), moved inside. */
export function thermalFootprints(place: Place, grid: Grid): Int32Array {
  const { rows, cols } = grid
  const [left, width, , top, , height] = grid.transform
  const x = new Float64Array(rows * cols)
  const y = new Float64Array(rows * cols)
  for (let i = 0; i < x.length; i++) {
    x[i] = left + ((i % cols) + 0.5) * width
    y[i] = top + (Math.floor(i / cols) + 0.5) * height
  }
  transformPoints('EPSG:4326', placeCrs, x, y)
  const [west, cellSize, , north] = place.fineGrid.transform
  const size = place.fineGrid.rows
  // 1/120 degree at 52 degrees north, in fine cells.
  const halfCols = 28
  const halfRows = 46
  const boxes = new Int32Array(4 * rows * cols)
  for (let i = 0; i < x.length; i++) {
    const col = Math.min(size - halfCols, Math.max(halfCols, Math.round((x[i] - west) / cellSize)))
    const row = Math.min(size - halfRows, Math.max(halfRows, Math.round((north - y[i]) / cellSize)))
    boxes.set([row - halfRows, row + halfRows, col - halfCols, col + halfCols], 4 * i)
  }
  return boxes
}

/** Surface temperature by day and by night: wet and green ground is cooler by day and wet ground warmer by night;
 *  clouds hide some cells, on grey days all of them. */
export function thermalScene(
  place: Place,
  weather: Weather,
  truth: Truth,
  grid: Grid,
  footprints: Int32Array,
): { day: Uint16Array; night: Uint16Array } {
  const random = new Random(place.seed, streams.thermal + truth.t)
  const cells = grid.rows * grid.cols
  const size = place.fineGrid.rows
  const day = new Uint16Array(cells)
  const night = new Uint16Array(cells)
  const dayCloud = smoothNoise(random, grid.rows, grid.cols, 5)
  const nightCloud = smoothNoise(random, grid.rows, grid.cols, 5)
  const threshold = 1.5 - 2.8 * weather.cloudiness(truth.t)
  for (let i = 0; i < cells; i++) {
    const [row0, row1, col0, col1] = footprints.subarray(4 * i, 4 * i + 4)
    let moisture = 0
    let cover = 0
    let count = 0
    for (let row = row0; row < row1; row += 3)
      for (let col = col0; col < col1; col += 3) {
        moisture += truth.moisture[row * size + col]
        cover += truth.cover[row * size + col]
        count++
      }
    moisture /= count
    cover /= count
    const noon = weather.noonTemperature(truth.t) + 13 - 42 * (moisture - 0.1) * (1 - 0.4 * cover) - 7 * cover
    const midnight = weather.nightTemperature(truth.t) + 1 + 9 * (moisture - 0.2) + 1.5 * cover
    const dayNoise = 0.6 * random.normal()
    const nightNoise = 0.5 * random.normal()
    if (dayCloud[i] <= threshold) day[i] = Math.round((noon + dayNoise) / thermalScale)
    if (nightCloud[i] <= threshold) night[i] = Math.round((midnight + nightNoise) / thermalScale)
  }
  return { day, night }
}
