import { open } from 'node:fs/promises'
import { extname } from 'node:path'
import { readableDrivers } from './gdal.ts'

export interface FileSignature {
  /** What the first bytes say the file is; empty for a format without a signature. */
  readonly format: '' | 'TIFF' | 'NetCDF' | 'HDF5' | 'HDF4' | 'BUFR' | 'GRIB' | 'zip' | 'gzip'
  /** Drivers to try, in order. */
  readonly drivers: readonly string[]
  readonly isBigTiff: boolean
}

/** What a file is by its first bytes, and so which decoders may see it: a text file never reaches the HDF library. */
export async function fileSignature(path: string): Promise<FileSignature> {
  const start = Buffer.alloc(128)
  const file = await open(path, 'r')
  try {
    await file.read(start, 0, start.length, 0)
  } finally {
    await file.close()
  }
  const text = start.toString('latin1')
  const found = (format: FileSignature['format'], ...drivers: string[]): FileSignature => ({
    format,
    drivers: drivers.filter((name) => readableDrivers.includes(name)),
    isBigTiff: format === 'TIFF' && text.slice(2, 4).includes('+'),
  })
  if (/^(II[*+]\0|MM\0[*+])/.test(text)) return found('TIFF', 'GTiff')
  if (/^CDF[\x01\x02\x05]/.test(text)) return found('NetCDF', 'netCDF')
  if (text.startsWith('\x89HDF\r\n\x1a\n'))
    return /^\.(nc\d?|cdf)$/i.test(extname(path)) ? found('NetCDF', 'netCDF', 'HDF5') : found('HDF5', 'HDF5', 'netCDF')
  if (start.readUInt32BE(0) === 0x0e031301) return found('HDF4', 'HDF4')
  // Weather services put a line of addresses before the message.
  if (text.includes('BUFR')) return found('BUFR')
  if (text.includes('GRIB')) return found('GRIB', 'GRIB')
  if (text.startsWith('PK')) return found('zip')
  if (text.startsWith('\x1f\x8b')) return found('gzip')
  const withSignature = new Set(['GTiff', 'COG', 'netCDF', 'HDF5', 'HDF5Image', 'HDF4', 'HDF4Image', 'GRIB'])
  return found('', ...readableDrivers.filter((name) => !withSignature.has(name)))
}
