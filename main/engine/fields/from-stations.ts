import { LoamError, reasonCodes } from '../../contract/index.ts'
import type { Day, FieldExpression } from '../../contract/index.ts'
import { cellCentres, isGeographic, transformPoints } from '../raster/index.ts'
import { makeField } from './compiled-field.ts'
import type { CompiledField, Compiling } from './compiled-field.ts'
import { stationSource } from './station-weather.ts'

type FromStations = Extract<FieldExpression, { fromStations: string }>

/** Inverse-distance weighting of the stations that have a value on the day: Σ d⁻ᵖ v / Σ d⁻ᵖ over the nearest
 *  `neighbours` (default 12), p = `power` (default 2); at a station its own value. Distances are Euclidean in the
 *  stations' CRS when it is projected, else along the great circle, never in degrees.
 *  Source: Shepard (1968), ACM National Conference, 517–524.
 *  @throws unknown_name, no_dates, bad_table when no station has a place */
export function fromStations(expression: FromStations, at: Compiling): CompiledField {
  const { power = 2, neighbours = 12 } = expression
  const source = stationSource(expression.fromStations, at)
  const table = source.daily(expression.variable, expression.depth)
  const placed = table.stations.flatMap((station, row) =>
    station.x !== null && station.y !== null ? [{ row, x: station.x, y: station.y }] : [],
  )
  if (placed.length === 0)
    throw new LoamError(
      'bad_table',
      `Field "${at.path}": no station of "${expression.fromStations}" has a place, so nothing can be interpolated between them. Add the set again with its coordinates, or use \`weather\`.`,
      { field: at.path },
    )
  const columns = new Map(table.days.map((day, i) => [day, i]))
  /** [x, y, value] of the stations with a value on a day; of stations at one place the mean. */
  const valuesOn = (day: Day): number[][] => {
    const column = columns.get(day)
    if (column === undefined) return []
    const places = new Map<string, { x: number; y: number; sum: number; count: number }>()
    for (const { row, x, y } of placed) {
      const value = table.values[row * table.days.length + column]
      if (Number.isNaN(value)) continue
      const place = places.get(`${x} ${y}`) ?? { x, y, sum: 0, count: 0 }
      places.set(`${x} ${y}`, { ...place, sum: place.sum + value, count: place.count + 1 })
    }
    return [...places.values()].map(({ x, y, sum, count }) => [x, y, sum / count])
  }
  const times = table.days.filter((day) => valuesOn(day).length > 0)
  const served = new Set(times)
  if (times.length === 0)
    throw new LoamError(
      'no_dates',
      `Field "${at.path}": no station of "${expression.fromStations}" has a daily value of ${expression.variable}. Check the variable's daily rule.`,
      { field: at.path },
    )
  const method = { form: 'fromStations/1', crs: table.crs, power, neighbours }
  const depth = table.depth ? ` at ${table.depth[0]}–${table.depth[1]} m` : ''
  return makeField(
    {
      unit: table.unit,
      kind: 'continuous',
      times,
      nativeGrid: null,
      lineage: `daily ${table.variable}${depth} of ${placed.length} stations (${expression.fromStations}), interpolated by inverse distance to the power ${power} from the ${neighbours} nearest`,
      identity: { ...method, source: source.hash, variable: table.variable, depth: table.depth },
      identityOn: (day) => ({ ...method, values: valuesOn(day) }),
      absence: (day) => (served.has(day) ? reasonCodes.none : reasonCodes.no_observation),
      async compute(window, day) {
        const values = new Float32Array(window.rows * window.cols)
        const reasons = new Uint8Array(values.length)
        const { x, y } = cellCentres(window)
        transformPoints(window.grid.crs, table.crs, x, y)
        const known = valuesOn(day)
        const space = isGeographic(table.crs) ? onSphere : onPlane
        const [stations, cells] = [
          space(
            known.map((each) => each[0]),
            known.map((each) => each[1]),
          ),
          space(x, y),
        ]
        const weigh = inverseDistance(
          stations,
          Float64Array.from(known, (each) => each[2]),
          power,
          neighbours,
        )
        for (let i = 0; i < values.length; i++) {
          values[i] = weigh(cells.x[i], cells.y[i], cells.z[i])
          if (Number.isNaN(values[i])) reasons[i] = reasonCodes.outside_source
        }
        return { rows: window.rows, cols: window.cols, values, reasons }
      },
    },
    at,
  )
}

/** Points in space whose straight distance orders and measures nearness: on the plane in the CRS's unit, which cancels;
 *  on a sphere of radius 1 the chord, from which `arcRatio` takes the arc. */
interface Points {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly z: Float64Array
  readonly isSphere: boolean
}

function onPlane(x: ArrayLike<number>, y: ArrayLike<number>): Points {
  return { x: Float64Array.from(x), y: Float64Array.from(y), z: new Float64Array(x.length), isSphere: false }
}

function onSphere(longitude: ArrayLike<number>, latitude: ArrayLike<number>): Points {
  const n = longitude.length
  const points = { x: new Float64Array(n), y: new Float64Array(n), z: new Float64Array(n), isSphere: true }
  for (let i = 0; i < n; i++) {
    const lambda = (longitude[i] * Math.PI) / 180
    const phi = (latitude[i] * Math.PI) / 180
    points.x[i] = Math.cos(phi) * Math.cos(lambda)
    points.y[i] = Math.cos(phi) * Math.sin(lambda)
    points.z[i] = Math.sin(phi)
  }
  return points
}

/** A function from a place to its weighted mean; NaN for a place that is NaN. */
function inverseDistance(
  stations: Points,
  values: Float64Array,
  power: number,
  neighbours: number,
): (x: number, y: number, z: number) => number {
  const count = Math.min(neighbours, values.length)
  const nearest = new Int32Array(count)
  const squares = new Float64Array(count)
  return (x, y, z) => {
    if (Number.isNaN(x + y + z)) return Number.NaN
    let held = 0
    for (let s = 0; s < values.length; s++) {
      const dx = stations.x[s] - x
      const dy = stations.y[s] - y
      const dz = stations.z[s] - z
      const square = dx * dx + dy * dy + dz * dz
      if (square === 0) return values[s]
      if (held === count && square >= squares[count - 1]) continue
      // Insertion into the short sorted list; of equally near stations the first stays.
      let at = held < count ? held++ : count - 1
      for (; at > 0 && squares[at - 1] > square; at--) {
        squares[at] = squares[at - 1]
        nearest[at] = nearest[at - 1]
      }
      squares[at] = square
      nearest[at] = s
    }
    let weighted = 0
    let weights = 0
    for (let k = 0; k < held; k++) {
      // Relative to the nearest, so that no power overflows.
      const ratio = stations.isSphere ? arcRatio(squares[0], squares[k]) : Math.sqrt(squares[0] / squares[k])
      const weight = power === 2 ? ratio * ratio : ratio ** power
      weighted += weight * values[nearest[k]]
      weights += weight
    }
    return weighted / weights
  }
}

/** Ratio of the great-circle distances that belong to two squared chords of the unit sphere. */
function arcRatio(near: number, far: number): number {
  return Math.asin(Math.min(1, Math.sqrt(near) / 2)) / Math.asin(Math.min(1, Math.sqrt(far) / 2))
}
