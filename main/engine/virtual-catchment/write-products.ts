import { join } from 'node:path'
import type { Day, Grid } from '../../contract/index.ts'
import { dayOfYear } from '../../contract/index.ts'
import { Random } from '../numeric/index.ts'
import { publishBytes } from '../files/index.ts'
import { writeGeoTiff, writeNetcdfSeries } from '../raster/index.ts'
import { coarseNodata, coarseScene, makeCoarseGrid, missingDay } from './coarse-product.ts'
import {
  drawStations,
  drawWells,
  stationListCsv,
  stationReadingsCsv,
  wellLevelsCsv,
  wellListCsv,
} from './field-network.ts'
import type { Site } from './field-network.ts'
import type { Landscape } from './landscape.ts'
import { isOpticalDay, opticalScene, reflectanceScale } from './optical.ts'
import { dayAt, streams } from './place.ts'
import type { Place } from './place.ts'
import { isRadarDay, radarNodata, radarScene } from './radar.ts'
import { makeSoilMaps, soilNodata } from './soil-maps.ts'
import { makeThermalGrid, thermalFootprints, thermalNodata, thermalScale, thermalScene } from './thermal.ts'
import type { Truth } from './water-balance.ts'
import type { Weather } from './weather.ts'

/** First day of the rain series: enough before the maps for sums of the days before. */
export const firstRainDay = -20

/** Everything that is the same on each day, or a series in one file. */
export async function writeStaticProducts(folder: string, place: Place, landscape: Landscape, weather: Weather) {
  const soil = makeSoilMaps(place, landscape)
  const map = (name: string, unit: string, scale: number, values: Int16Array) =>
    writeGeoTiff(join(folder, 'soil', `${name}.tif`), {
      grid: soil.grid,
      bands: [{ name, values, nodata: soilNodata, unit, scale }],
    })
  await map('clay', '%', 0.1, soil.clay)
  await map('sand', '%', 0.1, soil.sand)
  await map('bulk_density', 'kg m-3', 10, soil.bulkDensity)
  await writeRain(folder, place, weather)
  const wells = drawWells(place)
  await publishBytes(join(folder, 'wells', 'wells.csv'), wellListCsv(place, wells))
  await publishBytes(join(folder, 'wells', 'levels.csv'), wellLevelsCsv(place, landscape, wells))
}

/** One NetCDF file, 1 km cells, with the error of a radar composite: 8 % of the amount. */
async function writeRain(folder: string, place: Place, weather: Weather): Promise<void> {
  const days: Day[] = []
  const scenes: Float32Array[] = []
  for (let t = firstRainDay; t < place.days; t++) {
    const random = new Random(place.seed, streams.rainMap + t)
    days.push(dayAt(place, t))
    scenes.push(weather.rain(t).map((mm) => Math.round(10 * mm * Math.exp(0.08 * random.normal())) / 10))
  }
  await writeNetcdfSeries(join(folder, 'precipitation', 'precipitation.nc'), {
    grid: weather.rainGrid,
    days,
    variables: [{ name: 'precipitation', unit: 'mm', nodata: -9999, scenes }],
  })
}

/** Writes, for one day, every product that has a scene on it. */
export class DailyProducts {
  private readonly folder: string
  private readonly place: Place
  private readonly landscape: Landscape
  private readonly weather: Weather
  private readonly coarseGrid: Grid
  private readonly thermalGrid: Grid
  private readonly footprints: Int32Array
  private readonly stations: Site[]
  /** Truth at each station, day by day. */
  private readonly stationTruth: Float64Array[]

  constructor(folder: string, place: Place, landscape: Landscape, weather: Weather) {
    this.folder = folder
    this.place = place
    this.landscape = landscape
    this.weather = weather
    this.coarseGrid = makeCoarseGrid(place)
    this.thermalGrid = makeThermalGrid(place)
    this.footprints = thermalFootprints(place, this.thermalGrid)
    this.stations = drawStations(place)
    this.stationTruth = this.stations.map(() => new Float64Array(place.days))
  }

  async write(truth: Truth): Promise<void> {
    const { t } = truth
    if (isRadarDay(t)) await this.writeRadar(truth)
    if (isOpticalDay(t)) await this.writeOptical(truth)
    await this.writeThermal(truth)
    if (t < 0 || t >= this.place.days) return
    await this.writeTruth(truth)
    if (t !== missingDay) await this.writeCoarse(truth)
    this.stations.forEach((site, s) => {
      this.stationTruth[s][t] = truth.moisture[site.row * this.landscape.size + site.col]
    })
  }

  /** The stations' readings, once every day has been written. */
  async finish(): Promise<void> {
    const { folder, place, stations, stationTruth } = this
    await publishBytes(join(folder, 'stations', 'stations.csv'), stationListCsv(place, stations))
    await publishBytes(join(folder, 'stations', 'readings.csv'), stationReadingsCsv(place, stations, stationTruth))
  }

  private path(product: string, t: number): string {
    return join(this.folder, product, `${product}_${dayAt(this.place, t).replaceAll('-', '')}.tif`)
  }

  private async writeRadar(truth: Truth): Promise<void> {
    const values = radarScene(this.place, this.landscape, truth)
    await writeGeoTiff(this.path('s1', truth.t), {
      grid: this.place.fineGrid,
      tiled: true,
      bands: [{ name: 'sigma0_vv', values, nodata: radarNodata, unit: 'dB' }],
    })
  }

  private async writeOptical(truth: Truth): Promise<void> {
    const scene = opticalScene(this.place, this.weather, truth, this.landscape.size)
    const band = (name: string, values: Int16Array) => ({ name, values, nodata: 0, unit: '1', scale: reflectanceScale })
    await writeGeoTiff(this.path('s2', truth.t), {
      grid: this.place.fineGrid,
      tiled: true,
      bands: [
        band('blue', scene.blue),
        band('red', scene.red),
        band('nir', scene.nir),
        { name: 'class', values: scene.classes, nodata: 0, unit: '' },
      ],
    })
  }

  /** Named by year and day of the year, as MODIS is. */
  private async writeThermal(truth: Truth): Promise<void> {
    const day = dayAt(this.place, truth.t)
    const { day: noon, night } = thermalScene(this.place, this.weather, truth, this.thermalGrid, this.footprints)
    const band = (name: string, values: Uint16Array) => ({
      name,
      values,
      nodata: thermalNodata,
      unit: 'K',
      scale: thermalScale,
    })
    const name = `lst_${day.slice(0, 4)}${String(dayOfYear(day)).padStart(3, '0')}.tif`
    await writeGeoTiff(join(this.folder, 'lst', name), {
      grid: this.thermalGrid,
      bands: [band('lst_day', noon), band('lst_night', night)],
    })
  }

  private async writeCoarse(truth: Truth): Promise<void> {
    await writeGeoTiff(this.path('coarse', truth.t), {
      grid: this.coarseGrid,
      bands: [{ name: 'soil_moisture', values: coarseScene(this.place, truth), nodata: coarseNodata, unit: 'm3 m-3' }],
    })
  }

  /** Whole numbers, moisture × 10 000. */
  private async writeTruth(truth: Truth): Promise<void> {
    const values = Int16Array.from(truth.moisture, (moisture) => Math.round(10_000 * moisture))
    await writeGeoTiff(this.path('truth', truth.t), {
      grid: this.place.fineGrid,
      tiled: true,
      bands: [{ name: 'soil_moisture', values, nodata: -32768, unit: 'm3 m-3', scale: 1e-4 }],
    })
  }
}
