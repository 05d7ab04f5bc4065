import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import { gdal, readableDrivers } from './gdal.ts'
import { oneAtATime } from './one-at-a-time.ts'
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

/** Drivers built on HDF libraries, which must not be entered by two threads at once: netCDF-4 and HDF5 share one. */
const hdfDrivers = new Set(['netCDF', 'HDF5', 'HDF5Image', 'HDF4', 'HDF4Image'])

/** Runs work on a dataset; work on HDF-based files waits its turn. */
export function withDriverLock<T>(driver: string, work: () => Promise<T>): Promise<T> {
  return hdfDrivers.has(driver) ? oneAtATime('hdf', work) : work()
}

/** Opens a file, or one sub-dataset of it, for reading, with the limits every untrusted file must keep.
 *  @param subdataset the name as `listSubdatasets` gives it; empty for the file itself
 *  @throws unsafe_input, not_found, unsupported_format, bad_raster, unknown_name, too_large */
export async function openRaster(path: string, subdataset = ''): Promise<Dataset> {
  const absolute = await safeRasterPath(path)
  const driver = await hdfBySignature(absolute)
  return withDriverLock(driver, async () => {
    const dataset = await openChecked(absolute, absolute)
    if (subdataset === '') return dataset
    const found = listSubdatasets(dataset).find((entry) => entry.name === subdataset)
    dataset.close()
    if (!found)
      throw new LoamError(
        'unknown_name',
        `${basename(absolute)} holds no sub-dataset "${subdataset}". See "loam describe ${absolute}" for those it has.`,
        { file: absolute, subdataset },
      )
    return openChecked(found.gdalName, absolute)
  })
}

/** Closes a dataset when no other thread is inside its driver. */
export function closeRaster(dataset: Dataset): Promise<void> {
  return withDriverLock(dataset.driver.description, async () => dataset.close())
}

/** `HDF5` when the file starts like an HDF or NetCDF file, else empty: which lock to take before GDAL looks. */
async function hdfBySignature(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const start = Buffer.alloc(8)
    await file.read(start, 0, 8, 0)
    const isHdf = start.toString('latin1', 1, 4) === 'HDF' || start.readUInt32BE(0) === 0x0e031301
    return isHdf || start.toString('latin1', 0, 3) === 'CDF' ? 'HDF5' : ''
  } finally {
    await file.close()
  }
}

async function openChecked(gdalName: string, path: string): Promise<Dataset> {
  let dataset: Dataset
  try {
    dataset = await gdal.openAsync(gdalName, 'r', readableDrivers)
  } catch (fault) {
    throw new LoamError(
      'unsupported_format',
      `${basename(path)} could not be opened as a raster: ${tidy(fault)}. Loam reads GeoTIFF, NetCDF, HDF5, HDF4, ` +
        `ESRI ASCII, ENVI and similar grids. If it is one of these it is damaged or cut short; get the file again.`,
      { file: path },
    )
  }
  try {
    checkLimits(dataset, path)
  } catch (fault) {
    dataset.close()
    throw fault
  }
  return dataset
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

/** GDAL's message without the names of our own places in it. */
export function tidy(fault: unknown): string {
  const message = fault instanceof Error ? fault.message : String(fault)
  return message.replace(/[`'"][^`'"]*\/([^/`'"]+)[`'"]/g, '"$1"').replace(/\.\s*$/, '')
}
