import { Random } from '../numeric/index.ts'
import { transformPoints } from '../raster/index.ts'
import { dayAt, placeCrs, streams } from './place.ts'
import type { Place } from './place.ts'
import type { Landscape } from './landscape.ts'
import { groundwaterDecline } from './water-balance.ts'

export interface Site {
  readonly id: string
  readonly row: number
  readonly col: number
}

const stationCount = 25
const wellCount = 36

/** Places at least a tenth of the side apart, drawn until they fit. */
export function drawSites(place: Place, prefix: string, count: number, random: Random): Site[] {
  const size = place.fineGrid.rows
  const sites: Site[] = []
  let apart = 0.12 * size
  while (sites.length < count) {
    const row = 5 + random.below(size - 10)
    const col = 5 + random.below(size - 10)
    apart *= 0.995
    if (sites.some((site) => Math.hypot(site.row - row, site.col - col) < apart)) continue
    sites.push({ id: `${prefix}${String(sites.length + 1).padStart(2, '0')}`, row, col })
  }
  return sites
}

export function drawStations(place: Place): Site[] {
  return drawSites(place, 'VC', stationCount, new Random(place.seed, streams.stations))
}

function centre(place: Place, site: Site): [number, number] {
  const [west, width, , north, , height] = place.fineGrid.transform
  return [west + (site.col + 0.5) * width, north + (site.row + 0.5) * height]
}

/** The list of stations as a network would hand it out: geographic coordinates, semicolons, decimal commas. */
export function stationListCsv(place: Place, sites: Site[]): string {
  const x = Float64Array.from(sites, (site) => centre(place, site)[0])
  const y = Float64Array.from(sites, (site) => centre(place, site)[1])
  transformPoints(placeCrs, 'EPSG:4326', x, y)
  const comma = (value: number, digits: number): string => value.toFixed(digits).replace('.', ',')
  const lines = sites.map((site, i) => `${site.id};Synthetic station ${i + 1};${comma(x[i], 6)};${comma(y[i], 6)}`)
  return ['station;name;lon;lat', ...lines, ''].join('\n')
}

/** Hourly readings at 5 cm from the daily truth: straight lines between the noons, an own offset per probe (sd
 *  0.012 m³ m⁻³), noise, outages of hours to days, and a few spikes that carry the flag `D`.
 *  @param truth moisture[station][t], m³ m⁻³, t = 0 … days − 1 */
export function stationReadingsCsv(place: Place, sites: Site[], truth: Float64Array[]): string {
  const lines = ['station;time_utc;soil_moisture_5cm [m3/m3];flag']
  sites.forEach((site, s) => {
    const random = new Random(place.seed, streams.stations + 10_000 * (s + 1))
    const offset = 0.012 * random.normal()
    let outageHours = 0
    for (let hour = 0; hour < 24 * place.days; hour++) {
      const position = Math.min(place.days - 1, Math.max(0, hour / 24 - 0.5))
      const before = Math.floor(position)
      const after = Math.min(place.days - 1, before + 1)
      const level = truth[s][before] + (position - before) * (truth[s][after] - truth[s][before])
      const reading = Math.max(0, level + offset + 0.004 * random.normal())
      if (outageHours === 0 && random.uniform() < 0.0025) outageHours = 3 + random.below(90)
      const isSpike = random.uniform() < 0.003
      if (outageHours > 0) {
        outageHours--
        continue
      }
      const value = isSpike ? reading + 0.25 + 0.2 * random.uniform() : reading
      const time = `${dayAt(place, Math.floor(hour / 24))} ${String(hour % 24).padStart(2, '0')}:00`
      lines.push(`${site.id};${time};${value.toFixed(4).replace('.', ',')};${isSpike ? 'D' : 'G'}`)
    }
  })
  return [...lines, ''].join('\n')
}

export function drawWells(place: Place): Site[] {
  return drawSites(place, 'W', wellCount, new Random(place.seed, streams.wells))
}

export function wellListCsv(place: Place, sites: Site[]): string {
  const lines = sites.map((site) => {
    const [x, y] = centre(place, site)
    return `${site.id},${x.toFixed(1)},${y.toFixed(1)}`
  })
  return ['well,easting,northing', ...lines, ''].join('\n')
}

/** Daily depth of the groundwater below the surface, m, with 2 cm of error and some days missed. */
export function wellLevelsCsv(place: Place, landscape: Landscape, sites: Site[]): string {
  const lines = ['well,date,groundwater_depth [m]']
  sites.forEach((site, w) => {
    const random = new Random(place.seed, streams.wells + 10_000 * (w + 1))
    const first = landscape.groundwaterDepth[site.row * landscape.size + site.col]
    for (let t = 0; t < place.days; t++) {
      const depth = first + groundwaterDecline * t + 0.02 * random.normal()
      if (random.uniform() < 0.02) continue
      lines.push(`${site.id},${dayAt(place, t)},${Math.max(0.02, depth).toFixed(2)}`)
    }
  })
  return [...lines, ''].join('\n')
}
