import { basename } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import { gdal } from './gdal.ts'
import { fileSignature } from './file-signature.ts'
import { tidy } from './open-raster.ts'
import { safeRasterPath } from './safe-path.ts'

/** One array of a NetCDF or HDF5 file, without its numbers. */
export interface ArrayFacts {
  /** Path inside the file without the leading slash. */
  readonly name: string
  readonly type: string
  readonly dimensions: readonly { readonly name: string; readonly size: number }[]
  readonly unit: string
  readonly standardName: string
  readonly calendar: string
}

export interface FileStructure {
  readonly arrays: readonly ArrayFacts[]
  /** All numbers of one array as doubles, its fill values as NaN; null for text or more than 2^24 numbers. */
  read(name: string): Float64Array | null
}

const mostArrays = 10_000
type Group = InstanceType<typeof gdal.Group>
type MdArray = InstanceType<typeof gdal.MDArray>

/** Looks at the arrays of a NetCDF or HDF5 file as they are, with dimensions and coordinates of their own, which GDAL's
 *  raster view hides where they are not an even grid.
 *  @returns what `look` returns; null when the file is of another kind or cannot be seen that way
 *  @throws bad_raster when its arrays are listed but cannot be read */
export async function withStructure<T>(path: string, look: (structure: FileStructure) => T): Promise<T | null> {
  const absolute = await safeRasterPath(path)
  const { format } = await fileSignature(absolute)
  // The signature keeps every other driver away: this call of GDAL takes no driver list.
  if (format !== 'NetCDF' && format !== 'HDF5') return null
  let dataset: InstanceType<typeof gdal.Dataset>
  try {
    dataset = gdal.open(absolute, 'mr')
  } catch {
    return null
  }
  try {
    const handles = new Map<string, MdArray>()
    const arrays: ArrayFacts[] = []
    collect(dataset.root, arrays, handles)
    return look({ arrays, read: (name) => readAll(handles.get(name)) })
  } catch (fault) {
    if (fault instanceof LoamError) throw fault
    throw new LoamError(
      'bad_raster',
      `${basename(absolute)} lists arrays that cannot be read (${tidy(fault, absolute) || 'no reason given'}). Loam needs the whole ` +
        `file; it is damaged or cut short. Get it again.`,
      { file: absolute },
    )
  } finally {
    dataset.close()
  }
}

function collect(group: Group, arrays: ArrayFacts[], handles: Map<string, MdArray>): void {
  group.arrays.forEach((array) => {
    if (arrays.length >= mostArrays) return
    const name = array.description.replace(/^\/+/, '')
    handles.set(name, array)
    arrays.push({
      name,
      type: array.dataType,
      dimensions: array.dimensions.map((dimension) => ({
        name: dimension.description.replace(/^\/+/, ''),
        size: dimension.size,
      })),
      unit: array.unitType || attribute(array, 'units'),
      standardName: attribute(array, 'standard_name'),
      calendar: attribute(array, 'calendar'),
    })
  })
  group.groups.forEach((inner) => collect(inner, arrays, handles))
}

function attribute(array: MdArray, name: string): string {
  try {
    return String(array.attributes.get(name).value ?? '')
  } catch {
    return ''
  }
}

function readAll(array: MdArray | undefined): Float64Array | null {
  if (!array || array.dataType === 'String') return null
  const span = array.dimensions.map((dimension) => dimension.size)
  const count = span.reduce((product, size) => product * size, 1)
  if (count > 2 ** 24) return null
  if (span.length === 0) return null
  const data = new Float64Array(count)
  array.read({ origin: span.map(() => 0), span, data })
  const fill = array.noDataValue
  const fill32 = fill === null ? NaN : Math.fround(fill)
  for (let i = 0; i < count; i++) if (data[i] === fill || data[i] === fill32 || Math.abs(data[i]) > 1e30) data[i] = NaN
  return data
}
