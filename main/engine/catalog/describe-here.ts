import { stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { LoamError, asLoamError } from '../../contract/index.ts'
import { describeRaster, fileSignature } from '../raster/index.ts'
import { describeStationFile, describeTables } from '../stations/index.ts'
import type { DescribeHow } from './describe-file.ts'
import type { FileDescription } from './file-description.ts'
import { listFiles, stemOf } from './list-files.ts'
import { identifier } from './name-variables.ts'
import { understandDescriptions } from './understand-rasters.ts'

const tableEndings = new Set(['.csv', '.tsv', '.txt', '.stm', '.gz', '.zip', '.dat'])

/** Looks into a file in this process. Decoders of foreign bytes run here, so only `describe-process.ts` should call it.
 *  @throws unsupported_format, and what `describeRaster` and `describeStationFile` throw */
export async function describeHere(path: string, how: DescribeHow = {}): Promise<FileDescription> {
  if (how.stations) {
    const { paths, options } = how.stations
    const described = await (paths.length > 1 ? describeTables(paths, options) : describeStationFile(path, options))
    return { kind: 'stations', path, stations: described }
  }
  const facts = await stat(path).catch(() => {
    throw new LoamError('not_found', `${path} does not exist. Loam needs a file there; check the path.`, { file: path })
  })
  if (facts.isDirectory()) {
    const rasters = await listFiles([path]).catch(() => [])
    if (rasters.length === 0) return stations(path)
    throw new LoamError(
      'bad_input',
      `${path} is a folder of ${rasters.length} rasters. Loam needs one file to describe; name one, or add the folder to a ` +
        `project with "loam add raster".`,
      { file: path },
    )
  }
  const { format, drivers } = await fileSignature(path)
  if (format === 'BUFR') throw unsupported(path, 'BUFR')
  if (format === 'zip' || format === 'gzip') return orUnsupported(path, format, stations)
  const raster = (each: string): Promise<FileDescription> => describeAsRaster(each, how.cellsToSee)
  if (drivers.length > 0 && format !== '') return raster(path)
  // Text and formats without a signature: the ending says what to try first, the numbers decide.
  const order = tableEndings.has(extname(path).toLowerCase()) ? [stations, raster] : [raster, stations]
  try {
    return await order[0](path)
  } catch (fault) {
    if (asLoamError(fault).code !== 'unsupported_format') throw fault
    return orUnsupported(path, '', order[1])
  }
}

async function describeAsRaster(path: string, cellsToSee: number | undefined): Promise<FileDescription> {
  const description = await describeRaster(path, cellsToSee === undefined ? {} : { cellsToSee })
  try {
    const understood = await understandDescriptions([description], { name: identifier(stemOf(path)) || 'raster' })
    return { kind: 'raster', path, raster: description, understood, refusal: null }
  } catch (fault) {
    // The file can be read, but needs a word of the user to become a dataset; that word is what the message asks for.
    if (!(fault instanceof LoamError)) throw fault
    return { kind: 'raster', path, raster: description, understood: null, refusal: fault.message }
  }
}

async function stations(path: string): Promise<FileDescription> {
  return { kind: 'stations', path, stations: await describeStationFile(path) }
}

async function orUnsupported(
  path: string,
  format: string,
  describe: (path: string) => Promise<FileDescription>,
): Promise<FileDescription> {
  try {
    return await describe(path)
  } catch (fault) {
    const { code, message } = asLoamError(fault)
    if (code !== 'unsupported_format' && code !== 'not_found') throw fault
    throw unsupported(path, format, format === '' ? '' : message)
  }
}

function unsupported(path: string, format: string, why = ''): LoamError {
  const found =
    format === ''
      ? 'is neither a raster nor a table of stations that Loam knows'
      : `is a ${format} file, which Loam cannot read`
  return new LoamError(
    'unsupported_format',
    `${basename(path)} ${found}${why === '' ? '' : ` as it is (${why})`}. Loam reads rasters (GeoTIFF, NetCDF, HDF5, HDF4, ` +
      `GRIB, ESRI ASCII, ENVI), station tables (CSV, also .gz) and ISMN files, folders and zips. Convert it to one of them.`,
    { file: path, format },
  )
}
