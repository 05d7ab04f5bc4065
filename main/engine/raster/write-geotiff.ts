import { randomBytes } from 'node:crypto'
import { LoamError } from '../../contract/index.ts'
import type { Grid } from '../../contract/index.ts'
import { publishBytes } from '../files/index.ts'
import { gdal } from './gdal.ts'
import { describedCopy } from './vrt-description.ts'
import type { BandDescription } from './vrt-description.ts'

export type CellArray = Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array

export interface GeoTiffBand extends BandDescription {
  /** Stored numbers, rows × cols, row-major. */
  readonly values: CellArray
  /** Stored number that means "no value". A GeoTIFF has one for all its bands. */
  readonly nodata?: number
}

export interface GeoTiffOptions {
  readonly grid: Grid
  readonly bands: readonly GeoTiffBand[]
  readonly tags?: Readonly<Record<string, string>>
  /** 256 × 256 tiles instead of strips. */
  readonly tiled?: boolean
  /** Each band by itself instead of all bands cell by cell. */
  readonly byBand?: boolean
  /** Default true: DEFLATE. */
  readonly compress?: boolean
  readonly bigTiff?: boolean
}

/** GDAL types from narrow to wide: the file takes the first that holds the numbers of every band. */
const types = [
  { name: 'Byte', low: 0, high: 255, digits: 8 },
  { name: 'Int16', low: -32_768, high: 32_767, digits: 16 },
  { name: 'UInt16', low: 0, high: 65_535, digits: 16 },
  { name: 'Int32', low: -(2 ** 31), high: 2 ** 31 - 1, digits: 32 },
  { name: 'UInt32', low: 0, high: 2 ** 32 - 1, digits: 32 },
  { name: 'Float32', low: -Infinity, high: Infinity, digits: 24 },
  { name: 'Float64', low: -Infinity, high: Infinity, digits: 53 },
]
const typeOfArray: Record<string, string> = {
  Uint8Array: 'Byte',
  Int16Array: 'Int16',
  Uint16Array: 'UInt16',
  Int32Array: 'Int32',
  Uint32Array: 'UInt32',
  Float32Array: 'Float32',
  Float64Array: 'Float64',
}

/** Writes whole arrays as a GeoTIFF, whole or not at all. For rasters that fit in memory a few times; maps of a run go
 *  through `MapWriter`. Equal input gives equal bytes.
 *  @throws bad_input when an array does not fit the grid or bands ask for different nodata; disk_full, not_found, io_failed */
export async function writeGeoTiff(path: string, options: GeoTiffOptions): Promise<void> {
  const { grid, bands } = options
  const nodata = commonNodata(path, options)
  const dataType = commonType(bands)
  const folder = `/vsimem/${randomBytes(8).toString('hex')}`
  const cellsPath = `${folder}/cells.tif`
  const finalPath = `${folder}/final.tif`
  const cells = await gdal.openAsync(cellsPath, 'w', 'GTiff', grid.cols, grid.rows, bands.length, dataType)
  for (let b = 0; b < bands.length; b++)
    await cells.bands.get(b + 1).pixels.writeAsync<CellArray>(0, 0, grid.cols, grid.rows, bands[b].values)
  cells.close()
  const source = gdal.open(
    describedCopy({ grid, cellsPath, dataType, nodata, bands, metadata: options.tags ?? {} }),
    'r',
    ['VRT'],
  )
  const copy = await gdal.drivers.get('GTiff').createCopyAsync(finalPath, source, creationOptions(options, dataType))
  copy.close()
  source.close()
  gdal.vsimem.release(cellsPath)
  await publishBytes(path, gdal.vsimem.release(finalPath))
}

function creationOptions(options: GeoTiffOptions, dataType: string): Record<string, string> {
  const isFloat = dataType.startsWith('Float')
  const chosen: Record<string, string> = {}
  if (options.byBand) Object.assign(chosen, { INTERLEAVE: 'BAND' })
  if (options.tiled) Object.assign(chosen, { TILED: 'YES', BLOCKXSIZE: '256', BLOCKYSIZE: '256' })
  if (options.compress ?? true) Object.assign(chosen, { COMPRESS: 'DEFLATE', PREDICTOR: isFloat ? '3' : '2' })
  if (options.bigTiff) chosen.BIGTIFF = 'YES'
  return chosen
}

function commonNodata(path: string, { grid, bands }: GeoTiffOptions): number | null {
  const cells = grid.rows * grid.cols
  for (const band of bands)
    if (band.values.length !== cells)
      throw new LoamError(
        'bad_input',
        `Band "${band.name}" of ${path} has ${band.values.length} cells; the grid has ${grid.rows} × ${grid.cols} = ${cells}.`,
        { path, band: band.name },
      )
  const asked = [...new Set(bands.flatMap((band) => (band.nodata === undefined ? [] : [band.nodata])))]
  if (asked.length > 1)
    throw new LoamError(
      'bad_input',
      `The bands of ${path} ask for the nodata values ${asked.join(', ')}; a GeoTIFF has one for all bands. ` +
        `Use one value, or one file for each band.`,
      { path, nodata: asked },
    )
  return asked[0] ?? null
}

function commonType(bands: readonly GeoTiffBand[]): string {
  const used = bands.map((band) => types.find((type) => type.name === typeOfArray[band.values.constructor.name])!)
  const holdsAll = types.find((type) =>
    used.every((one) => one === type || (type.low <= one.low && type.high >= one.high && type.digits > one.digits)),
  )
  return (holdsAll ?? types[types.length - 1]).name
}
