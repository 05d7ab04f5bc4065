import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { Day, Grid } from '../../contract/index.ts'
import { bandDates, fileDate } from './band-dates.ts'
import { crsName, isGeographic, metresPerUnit } from './crs.ts'
import { fileSignature } from './file-signature.ts'
import { openGeoreferenced } from './georeference.ts'
import { withStructure } from './multidim.ts'
import { isLatitude, isLongitude } from './netcdf-place.ts'
import { listSubdatasets, openRaster } from './open-raster.ts'
import type { Dataset, Subdataset } from './open-raster.ts'
import { packingOf } from './packing.ts'
import { safeRasterPath } from './safe-path.ts'
import { sampleBand } from './sample-band.ts'
import type { BandSample } from './sample-band.ts'

export interface BandDescription {
  /** 1-based. */
  readonly band: number
  /** The band's name in the file; the variable's name in NetCDF and HDF; empty when there is none. */
  readonly name: string
  readonly description: string
  /** Stored number type, GDAL's word: `Int16`. */
  readonly type: string
  readonly unit: string
  /** value = stored × scale + offset */
  readonly scale: number
  readonly offset: number
  /** Stored numbers that mean "no value". */
  readonly nodata: number[]
  readonly validRange: [number, number] | null
  /** From a NetCDF time axis; null otherwise. */
  readonly day: Day | null
  /** Place on dimensions other than time: `SoilMoist_profiles=1`. */
  readonly level: string
  readonly sample: BandSample
  /** Names of classes, when the file has them. */
  readonly categories: string[]
  readonly hasColourTable: boolean
  /** Short text attributes of the band. */
  readonly metadata: Record<string, string>
}

/** One raster: the file itself or a sub-dataset of it. */
export interface RasterLayer {
  readonly subdataset: string
  readonly grid: Grid
  readonly crsName: string
  readonly isGeographic: boolean
  readonly cellSize: { readonly width: number; readonly height: number; readonly unit: string }
  readonly bands: BandDescription[]
  /** How the dates of the bands were found; empty when they have none. */
  readonly dateRule: string
  /** Natural block as stored, cells. */
  readonly blockRows: number
  readonly blockCols: number
  readonly isTiled: boolean
  readonly compression: string
  readonly overviews: number
  /** Short text attributes of the dataset. */
  readonly metadata: Record<string, string>
  readonly notes: string[]
}

export interface RasterDescription {
  readonly path: string
  readonly format: string
  readonly bytes: number
  readonly isBigTiff: boolean
  readonly layers: RasterLayer[]
  /** What was left out and why. */
  readonly notes: string[]
}

/** Cells that are read to see what a file holds; one with more is looked at in its first, middle and last blocks. */
const defaultCellsToSee = 32 * 1024 * 1024
const leastCellsPerBand = 256 * 1024

/** Everything a raster file tells about itself, with a look at its numbers; no meaning is taken from file names.
 *  @param options cellsToSee: how many cells are read to see that the file is whole and what it holds
 *  @throws unsafe_input, not_found, unsupported_format, unsupported_grid (rotated, curvilinear, points), too_large,
 *  bad_raster (cut short, damaged) */
export async function describeRaster(path: string, options: { cellsToSee?: number } = {}): Promise<RasterDescription> {
  const { cellsToSee = defaultCellsToSee } = options
  const absolute = await safeRasterPath(path)
  const { size } = await stat(absolute)
  const signature = await fileSignature(absolute)
  const container = await openRaster(absolute)
  const driver = container.driver.description
  const isContainer = ['netCDF', 'HDF5', 'HDF4'].includes(driver)
  const bandCount = container.bands.count()
  const inside = listSubdatasets(container)
  container.close()

  const facts = { path: absolute, format: formatNames[driver] ?? driver, bytes: size, isBigTiff: signature.isBigTiff }
  const notes: string[] = []
  if (!isContainer && inside.length > 1) notes.push(`The file holds ${inside.length} images; the first is taken.`)
  const subdatasets = isContainer && inside.length > 0 && (bandCount === 0 || inside.length > 1) ? inside : null
  if (!subdatasets) {
    if (bandCount === 0) throw await noRaster(absolute)
    const layer = await describeLayer(absolute, '', cellsToSee, await fileDate(absolute))
    return { ...facts, layers: [layer], notes }
  }

  const candidates = await withoutCoordinates(absolute, subdatasets)
  const date = await fileDate(absolute)
  const layers: RasterLayer[] = []
  const refusals: LoamError[] = []
  for (const { name } of candidates)
    try {
      layers.push(await describeLayer(absolute, name, cellsToSee / candidates.length, date))
    } catch (fault) {
      if (!(fault instanceof LoamError) || fault.code === 'bad_raster') throw fault
      refusals.push(fault)
    }
  if (layers.length === 0) throw refusals[0] ?? (await noRaster(absolute))
  for (const refusal of refusals) notes.push(`Left out: ${refusal.message}`)
  return { ...facts, layers, notes }
}

const formatNames: Record<string, string> = {
  GTiff: 'GeoTIFF',
  netCDF: 'NetCDF',
  HDF4: 'HDF4',
  HDF5: 'HDF5',
  HDF4Image: 'HDF4',
  HDF5Image: 'HDF5',
  AAIGrid: 'ESRI ASCII grid',
}

async function describeLayer(
  path: string,
  subdataset: string,
  mostCells: number,
  date: { day: Day; rule: string } | null,
): Promise<RasterLayer> {
  const { dataset, grid, notes } = await openGeoreferenced(path, subdataset)
  try {
    const count = dataset.bands.count()
    const metadata = plain(dataset.getMetadata() as Record<string, string>)
    const perBand = Math.max(leastCellsPerBand, mostCells / count)
    const stored = Array.from({ length: count }, (_, i) => storedFacts(dataset, i + 1, subdataset, metadata))
    const times = bandDates(
      stored.map((band) => band.metadata),
      metadata,
    )
    const bands: BandDescription[] = []
    for (const [i, band] of stored.entries()) {
      const packing = packingOf(band)
      if (i === 0) notes.push(...packing.notes)
      const sample = await sampleBand(dataset, { path, subdataset, band: i + 1 }, packing, perBand)
      const range = trustedRange(packing, sample)
      if (range.note !== '' && !notes.includes(range.note)) notes.push(range.note)
      bands.push({
        band: i + 1,
        name: band.name,
        description: band.description,
        type: band.type,
        unit: packing.unit,
        scale: packing.scale,
        offset: packing.offset,
        nodata: packing.nodata,
        validRange: range.validRange,
        day: times.places[i].day ?? (times.rule === '' ? (date?.day ?? null) : null),
        level: times.places[i].level,
        sample,
        categories: band.categories,
        hasColourTable: band.hasColourTable,
        metadata: short(band.metadata),
      })
    }
    const first = dataset.bands.get(1)
    const block = first.blockSize
    const structure = dataset.getMetadata('IMAGE_STRUCTURE') as Record<string, string>
    const geographic = isGeographic(grid.crs)
    return {
      subdataset,
      grid,
      crsName: crsName(grid.crs),
      isGeographic: geographic,
      cellSize: {
        width: grid.transform[1],
        height: -grid.transform[5],
        unit: geographic ? '°' : linearUnit(metresPerUnit(grid.crs)),
      },
      bands,
      dateRule: times.rule || (bands.some((band) => band.day) ? (date?.rule ?? '') : ''),
      blockRows: block.y,
      blockCols: block.x,
      isTiled: block.x < dataset.rasterSize.x,
      compression: structure.COMPRESSION ?? '',
      // GDAL would open a second file of overviews whatever it is.
      overviews: existsSync(`${path}.ovr`) ? 0 : first.overviews.count(),
      metadata: short(metadata),
      notes: [...notes, ...times.notes],
    }
  } finally {
    dataset.close()
  }
}

function linearUnit(metres: number): string {
  if (metres === 1) return 'm'
  if (metres === 1000) return 'km'
  return Math.abs(metres - 0.3048) < 1e-5 ? 'ft' : `× ${metres} m`
}

interface BandFacts {
  readonly driver: string
  readonly name: string
  readonly description: string
  readonly type: string
  readonly noDataValue: number | null
  readonly scale: number | null
  readonly offset: number | null
  readonly unitType: string | null
  readonly attributes: Record<string, string>
  readonly metadata: Record<string, string>
  readonly categories: string[]
  readonly hasColourTable: boolean
}

function storedFacts(
  dataset: Dataset,
  number: number,
  subdataset: string,
  datasetMetadata: Record<string, string>,
): BandFacts {
  const band = dataset.bands.get(number)
  const driver = dataset.driver.description
  const metadata = plain(band.getMetadata() as Record<string, string>)
  // HDF4 keeps attributes on the dataset; HDF5 puts the whole path before each name.
  const prefix = driver === 'HDF5Image' ? `${subdataset.replace(/^\/+/, '').replaceAll('/', '_')}_` : ''
  const attributes: Record<string, string> = driver === 'HDF4Image' ? { ...datasetMetadata, ...metadata } : {}
  for (const [key, value] of Object.entries(metadata))
    attributes[prefix !== '' && key.startsWith(prefix) ? key.slice(prefix.length) : key] = value
  const name =
    attributes.NETCDF_VARNAME ??
    (driver.startsWith('HDF')
      ? (subdataset.split(/[/:]/).pop() ?? '')
      : band.description || (attributes.DESCRIPTION ?? ''))
  return {
    driver,
    name,
    description: attributes.long_name ?? (name === band.description ? '' : (band.description ?? '')),
    type: band.dataType ?? '',
    noDataValue: band.noDataValue,
    scale: band.scale,
    offset: band.offset,
    unitType: band.unitType,
    attributes,
    metadata,
    categories: (band.categoryNames ?? []).filter((category) => category !== ''),
    // GDAL answers with an empty table where there is none.
    hasColourTable: band.colorInterpretation === 'Palette',
  }
}

/** A valid range is meant on the stored number, but some files give it for the value. When nearly everything lies
 *  outside as it stands and inside when read the other way, the other way is meant. */
function trustedRange(
  packing: { scale: number; offset: number; validRange: [number, number] | null },
  sample: BandSample,
): { validRange: [number, number] | null; note: string } {
  const range = packing.validRange
  const isPacked = packing.scale !== 1 || packing.offset !== 0
  if (!range || !isPacked || sample.minimum === null || sample.maximum === null) return { validRange: range, note: '' }
  const given: [number, number] = [
    (range[0] - packing.offset) / packing.scale,
    (range[1] - packing.offset) / packing.scale,
  ]
  const fits = (r: [number, number]): boolean => (sample.minimum ?? 0) >= r[0] && (sample.maximum ?? 0) <= r[1]
  const isApart = sample.minimum > range[1] || sample.maximum < range[0]
  if (!isApart || !fits(given)) return { validRange: range, note: '' }
  return {
    validRange: given,
    note: `The valid range ${given.join(' to ')} fits the values after scaling, not the stored numbers; it is taken so.`,
  }
}

function plain(metadata: Record<string, string>): Record<string, string> {
  return { ...metadata }
}

/** Attributes worth showing: short ones, and not the hundreds of a swath product. */
function short(metadata: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata)
      .filter(([, value]) => value.length <= 120)
      .slice(0, 60),
  )
}

/** Sub-datasets that can be maps: no latitudes, longitudes, bounds or text. */
async function withoutCoordinates(path: string, subdatasets: Subdataset[]): Promise<Subdataset[]> {
  const coordinates = await withStructure(path, ({ arrays }) => {
    const names = arrays.filter((array) => isLatitude(array) || isLongitude(array)).map((array) => array.name)
    return new Set(names)
  })
  return subdatasets.filter(
    ({ name, description }) =>
      !coordinates?.has(name.replace(/^\/+/, '')) &&
      !/(_bnds|_bounds)$/i.test(name) &&
      !/\((8-bit character|string)\)/i.test(description),
  )
}

/** The refusal for a file with arrays but no raster, naming what it holds. */
async function noRaster(path: string): Promise<LoamError> {
  const shapes = await withStructure(path, ({ arrays }) =>
    arrays
      .filter((array) => array.dimensions.length > 0)
      .slice(0, 4)
      .map((array) => `${array.name}(${array.dimensions.map(({ name, size }) => `${name}: ${size}`).join(', ')})`),
  )
  const found =
    shapes && shapes.length > 0 ? `lists of numbers without rows and columns: ${shapes.join('; ')}` : 'no raster'
  return new LoamError(
    'unsupported_grid',
    `${basename(path)} holds ${found}. Loam needs a grid of even cells. If these are points or a swath, grid them first; ` +
      `if they are stations, write them as a table (CSV) and add that.`,
    { file: path },
  )
}
