/** An array of a NetCDF file, or with no dimensions a scalar. */
export interface NetcdfVariable {
  readonly name: string
  /** Names of dimensions, slowest first. */
  readonly dimensions: readonly string[]
  readonly type: 'byte' | 'int' | 'float' | 'double'
  readonly attributes: Readonly<Record<string, NetcdfAttribute>>
  /** The numbers in pieces, one after another, so that a series need not be copied into one array. */
  readonly values: readonly ArrayLike<number>[]
}

/** A text, or numbers of a type; a bare number is a double. */
export type NetcdfAttribute = string | number | { readonly float: number } | { readonly bytes: readonly number[] }

export interface NetcdfFile {
  readonly dimensions: Readonly<Record<string, number>>
  readonly attributes: Readonly<Record<string, NetcdfAttribute>>
  readonly variables: readonly NetcdfVariable[]
}

const types = { byte: 1, char: 2, int: 4, float: 5, double: 6 }
const bytesOf = { byte: 1, int: 4, float: 4, double: 8 }

/** A NetCDF classic file with 64-bit offsets (CDF-2), all dimensions fixed. Same content, same bytes: no library's version
 *  and no clock goes in.
 *  @throws RangeError when a variable is larger than the format's 4 GiB
 *  Source: NetCDF Classic Format Specification, Unidata. */
export function encodeNetcdf(file: NetcdfFile): Uint8Array {
  for (const variable of file.variables) {
    const given = variable.values.reduce((sum, part) => sum + part.length, 0)
    const cells = cellsOf(file, variable)
    if (given !== cells) throw new RangeError(`variable ${variable.name} has ${given} numbers, its dimensions ${cells}`)
  }
  const { head, starts, bytes } = layoutNetcdf(file)
  const out = new Uint8Array(bytes)
  out.set(head)
  file.variables.forEach((variable, v) => {
    let at = starts[v]
    for (const part of variable.values) at += storeNumbers(out, at, variable.type, part)
  })
  return out
}

/** Where everything of a file lies, before its numbers are known. */
export interface NetcdfLayout {
  readonly head: Buffer
  /** First byte of each variable. */
  readonly starts: readonly number[]
  /** Of the whole file. */
  readonly bytes: number
}

/** @throws RangeError when a variable is larger than the format's 4 GiB */
export function layoutNetcdf(file: NetcdfFile): NetcdfLayout {
  const dimensionNames = Object.keys(file.dimensions)
  const sizes = file.variables.map((variable) => {
    const cells = cellsOf(file, variable)
    const bytes = Math.ceil((cells * bytesOf[variable.type]) / 4) * 4
    if (bytes > 2 ** 32 - 4) throw new RangeError(`variable ${variable.name} is larger than 4 GiB`)
    return bytes
  })
  // Offsets have a fixed width, so a header written with zeros has its final length.
  const headerBytes = header(file, dimensionNames, sizes, () => 0).length
  let at = headerBytes
  const starts = sizes.map((bytes) => {
    const start = at
    at += bytes
    return start
  })
  return { head: header(file, dimensionNames, sizes, (v) => starts[v]), starts, bytes: at }
}

/** Puts numbers big-endian, as the format has them. @returns bytes they take */
export function storeNumbers(
  out: Uint8Array,
  at: number,
  type: NetcdfVariable['type'],
  numbers: ArrayLike<number>,
): number {
  const view = new DataView(out.buffer, out.byteOffset)
  const size = bytesOf[type]
  for (let i = 0; i < numbers.length; i++) {
    const to = at + i * size
    if (type === 'float') view.setFloat32(to, numbers[i])
    else if (type === 'byte') view.setInt8(to, numbers[i])
    else if (type === 'int') view.setInt32(to, numbers[i])
    else view.setFloat64(to, numbers[i])
  }
  return numbers.length * size
}

function cellsOf(file: NetcdfFile, { dimensions }: NetcdfVariable): number {
  return dimensions.reduce((product, name) => product * file.dimensions[name], 1)
}

function header(
  file: NetcdfFile,
  dimensionNames: string[],
  sizes: number[],
  startOf: (variable: number) => number,
): Buffer {
  const parts: Buffer[] = [Buffer.from('CDF\x02'), int(0)]
  parts.push(...list(10, dimensionNames.length), ...dimensionNames.flatMap((n) => [text(n), int(file.dimensions[n])]))
  parts.push(...attributeList(file.attributes), ...list(11, file.variables.length))
  file.variables.forEach((variable, v) => {
    parts.push(text(variable.name), int(variable.dimensions.length))
    for (const name of variable.dimensions) parts.push(int(dimensionNames.indexOf(name)))
    parts.push(...attributeList(variable.attributes), int(types[variable.type]), int(sizes[v]))
    const start = Buffer.alloc(8)
    start.writeBigInt64BE(BigInt(startOf(v)))
    parts.push(start)
  })
  return Buffer.concat(parts)
}

/** Tag and length of a list; an empty list has no tag. */
function list(tag: number, length: number): Buffer[] {
  return [int(length === 0 ? 0 : tag), int(length)]
}

function attributeList(attributes: Readonly<Record<string, NetcdfAttribute>>): Buffer[] {
  const names = Object.keys(attributes)
  return [...list(12, names.length), ...names.flatMap((name) => [text(name), ...attributeValue(attributes[name])])]
}

function attributeValue(value: NetcdfAttribute): Buffer[] {
  if (typeof value === 'string') return [int(types.char), text(value)]
  if (typeof value === 'object' && 'bytes' in value) {
    const { length } = value.bytes
    return [int(types.byte), int(length), Buffer.from([...value.bytes, 0, 0, 0]).subarray(0, 4 * Math.ceil(length / 4))]
  }
  const number = Buffer.alloc(typeof value === 'number' ? 8 : 4)
  if (typeof value === 'number') number.writeDoubleBE(value)
  else number.writeFloatBE(value.float)
  return [int(typeof value === 'number' ? types.double : types.float), int(1), number]
}

function int(value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeUInt32BE(value)
  return buffer
}

/** Length, UTF-8 bytes, zeros up to a multiple of four. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8')
  return Buffer.concat([int(bytes.length), bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
}
