import { basename } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import { fileSignature } from './file-signature.ts'
import { gdal } from './gdal.ts'
import { safeRasterPath } from './safe-path.ts'

export type Dataset = InstanceType<typeof gdal.Dataset>
export type RasterBand = InstanceType<typeof gdal.RasterBand>

const mostCellsASide = 2 ** 24
const mostBands = 65_535
const mostBlockBytes = 256 * 1024 * 1024

const bytesPerCell: Record<string, number> = {
  Byte: 1,
  Int8: 1,
  UInt16: 2,
  Int16: 2,
  UInt32: 4,
  Int32: 4,
  Float32: 4,
  Float64: 8,
  UInt64: 8,
  Int64: 8,
}

/** Drivers built on the HDF libraries stay on the main thread: those libraries must not be entered by two threads at
 *  once, netCDF-4 and HDF5 share one, and on any other thread they print every missing attribute to the terminal. */
const mainThreadDrivers = new Set(['netCDF', 'HDF5', 'HDF5Image', 'HDF4', 'HDF4Image'])

export function staysOnMainThread(driver: string): boolean {
  return mainThreadDrivers.has(driver)
}

/** Opens a file, or one sub-dataset of it, for reading, with the limits every untrusted file must keep.
 *  @param subdataset the name as `listSubdatasets` gives it; empty for the file itself
 *  @param options rowsAsStored: rows of a NetCDF variable in the file's order. GDAL else turns them by its own guess,
 *  which is right where it also gives a transform and arbitrary where it gives none
 *  @throws unsafe_input, not_found, unsupported_format, bad_raster, unknown_name, too_large */
export async function openRaster(
  path: string,
  subdataset = '',
  options: { rowsAsStored?: boolean } = {},
): Promise<Dataset> {
  const absolute = await safeRasterPath(path)
  const { format, drivers } = await fileSignature(absolute)
  const { rowsAsStored = false } = options
  const dataset = await openChecked(absolute, absolute, drivers, format, rowsAsStored)
  if (subdataset === '') return dataset
  const found = listSubdatasets(dataset).find((entry) => entry.name === subdataset)
  dataset.close()
  if (!found)
    throw new LoamError(
      'unknown_name',
      `${basename(absolute)} holds no sub-dataset "${subdataset}". Choose one of those that "loam describe" lists.`,
      { file: absolute, subdataset },
    )
  return openChecked(found.gdalName, absolute, [driverOfSubdataset(found.gdalName)], format, rowsAsStored)
}

function driverOfSubdataset(gdalName: string): string {
  if (gdalName.startsWith('NETCDF:')) return 'netCDF'
  return gdalName.startsWith('HDF5:') ? 'HDF5Image' : 'HDF4Image'
}

async function openChecked(
  gdalName: string,
  path: string,
  drivers: readonly string[],
  format: string,
  rowsAsStored: boolean,
): Promise<Dataset> {
  let reason = ''
  // One driver after the other: gdal-async's own driver list tries all of them and keeps the last that opens.
  for (const name of drivers) {
    let dataset: Dataset
    // Set for one opening only, which runs to its end without a break: NetCDF is opened on the main thread.
    const keepsRows = name === 'netCDF' && rowsAsStored
    try {
      if (keepsRows) gdal.config.set('GDAL_NETCDF_BOTTOMUP', 'NO')
      const driver = gdal.drivers.get(name)
      dataset = staysOnMainThread(name) ? driver.open(gdalName, 'r') : await driver.openAsync(gdalName, 'r')
    } catch (fault) {
      reason ||= tidy(fault, path)
      continue
    } finally {
      if (keepsRows) gdal.config.set('GDAL_NETCDF_BOTTOMUP', null)
    }
    try {
      checkLimits(dataset, path)
    } catch (fault) {
      dataset.close()
      throw fault
    }
    return dataset
  }
  const looks =
    format === '' ? 'is not a raster in a format Loam knows' : `starts like a ${format} file but cannot be opened`
  const remedy =
    format === '' || drivers.length === 0
      ? 'Loam reads GeoTIFF, NetCDF, HDF5, HDF4, GRIB, ESRI ASCII, ENVI and similar grids; convert it to one of them.'
      : 'Loam needs the whole file; it is damaged or cut short. Get it again.'
  throw new LoamError(
    drivers.length === 0 || format === '' ? 'unsupported_format' : 'bad_raster',
    `${basename(path)} ${looks}${reason === '' ? '' : ` (${reason})`}. ${remedy}`,
    { file: path, format },
  )
}

function checkLimits(dataset: Dataset, path: string): void {
  const { x, y } = dataset.rasterSize
  const bands = dataset.bands.count()
  if (x > mostCellsASide || y > mostCellsASide || bands > mostBands)
    throw new LoamError(
      'too_large',
      `${basename(path)} claims ${y} × ${x} cells in ${bands} bands. Loam takes at most ${mostCellsASide} cells a side ` +
        `and ${mostBands} bands. If the file is sound, cut it into parts first.`,
      { file: path, rows: y, cols: x, bands },
    )
  if (bands === 0) return
  const band = dataset.bands.get(1)
  const type = band.dataType ?? 'unknown'
  if (!(type in bytesPerCell))
    throw new LoamError(
      'unsupported_format',
      `${basename(path)} holds ${type} numbers. Loam reads integers and real numbers; convert it first, for instance ` +
        `complex radar data to backscatter.`,
      { file: path, type },
    )
  const block = band.blockSize
  const blockBytes = block.x * block.y * bytesPerCell[type]
  if (blockBytes > mostBlockBytes)
    throw new LoamError(
      'too_large',
      `${basename(path)} is stored in blocks of ${block.y} × ${block.x} cells (${Math.round(blockBytes / 2 ** 20)} MB ` +
        `each). Loam takes at most 256 MB a block. Rewrite it in tiles: gdal_translate -co TILED=YES in.tif out.tif.`,
      { file: path, blockBytes },
    )
}

export interface Subdataset {
  /** What comes after the file in GDAL's name: NetCDF variable, HDF path. */
  readonly name: string
  readonly description: string
  readonly gdalName: string
}

/** Rasters inside a container file, in its order. Names come only from GDAL's own list. */
export function listSubdatasets(dataset: Dataset): Subdataset[] {
  const metadata = dataset.getMetadata('SUBDATASETS') as Record<string, string>
  const found: Subdataset[] = []
  for (let i = 1; ; i++) {
    const gdalName = metadata[`SUBDATASET_${i}_NAME`]
    if (gdalName === undefined) return found
    const name = gdalName.slice(gdalName.lastIndexOf('"') + 1).replace(/^:/, '')
    found.push({ name, description: metadata[`SUBDATASET_${i}_DESC`] ?? '', gdalName })
  }
}

/** GDAL's message in one line, with file names instead of whole paths. */
export function tidy(fault: unknown, path: string): string {
  const message = fault instanceof Error ? fault.message : String(fault)
  // First as a whole: a folder's name may hold what ends a path in GDAL's sentences.
  return message
    .replaceAll(path, basename(path))
    .replace(/[`']([^`']*)'/g, '"$1"')
    .replace(/(?:\/[^\s/:,"]+)+\/([^\s/:,"]+)/g, '$1')
    .replace(/\s+/g, ' ')
    .replace(/[.\s]+$/, '')
}
