import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { DailyRule } from '../../contract/index.ts'
import { ismnFileName } from './ismn-file-name.ts'
import { ismnFormatOf, ismnUnit, readHeader, readIsmnLine } from './ismn-lines.ts'
import type { IsmnFormat, IsmnPlace } from './ismn-lines.ts'
import { openJudgedZip } from './judged-zip.ts'
import { SetBuilder } from './set-builder.ts'
import type { ReadStations } from './set-builder.ts'
import { firstBytes, fileBytes } from './text-source.ts'
import { eachLine } from './text-lines.ts'

export interface IsmnOptions {
  /** Name of the set; default the name of the file, folder or archive. */
  name?: string
  daily?: Partial<DailyRule>
  signal?: AbortSignal
}

/** One file of observations, wherever it lies. */
interface IsmnFile {
  /** As shown to the user. */
  readonly name: string
  bytes(): AsyncGenerator<Buffer>
}

/** A station and depth in one file, with the indices of what is measured there. */
interface MeasuringPlace {
  readonly station: number
  readonly variables: Map<string, number>
}

/** Reads files of the International Soil Moisture Network: one file, a folder with all below it, or a zip of it.
 *  Formats: CEOP with one variable a file, CEOP composite (old), header+values. Times are UTC. Only `.stm` files are
 *  taken from a folder or zip; static variables, Metadata.xml and readme files are left out.
 *
 *  Missing values (-9999, -999.99) are kept as NaN with their flag, so that records and flags can be counted. Flags are
 *  ISMN's own (`G`, `D03,D05`); the provider's flag is not kept. A station's id is `network/station`. Several sensors of
 *  one depth are variables of their own with the same name and depth; toDaily averages them.
 *  @throws bad_table with the line; unsafe_input for an archive; not_found; unsupported_format */
export async function readIsmn(path: string, options: IsmnOptions = {}): Promise<ReadStations> {
  const { files, sources, close } = await ismnFiles(resolve(path))
  try {
    const builder = new SetBuilder()
    const formats = new Map<IsmnFormat, number>()
    for (const file of files) {
      options.signal?.throwIfAborted()
      const format = await readFile(file, builder)
      formats.set(format, (formats.get(format) ?? 0) + 1)
    }
    builder.notes.push(
      `ISMN: ${[...formats].map(([format, count]) => `${count} ${count === 1 ? 'file' : 'files'} ${formatNames[format]}`).join(', ')}; times are UTC, places WGS 84.`,
    )
    const flags = acceptedFlags(builder)
    return await builder.finish({
      name: options.name ?? basename(path).replace(/\.(?:stm|zip|txt)$/i, ''),
      crs: 'EPSG:4326',
      paths: sources,
      daily: { flags, ...options.daily },
      duplicates: 'mean',
    })
  } finally {
    close()
  }
}

const formatNames: Record<IsmnFormat, string> = {
  ceop_sep: 'of CEOP, one variable a file',
  ceop_composite: 'of CEOP composite',
  header_values: 'of header and values',
}

/** True when the file begins as ISMN files do. */
export async function isIsmnFile(path: string): Promise<boolean> {
  const start = (await firstBytes(path, 4096)).toString('latin1')
  const first = start.split(/[\r\n]+/).find((line) => line.trim() !== '')
  return first !== undefined && ismnFormatOf(first) !== null
}

async function ismnFiles(path: string): Promise<{ files: IsmnFile[]; sources: string[]; close: () => void }> {
  const info = await stat(path).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code !== 'ENOENT') throw fault
    throw new LoamError('not_found', `There is no file or folder ${path}. Check the path.`, { file: path })
  })
  const isData = (name: string): boolean => /\.stm$/i.test(name)
  if (info.isDirectory()) {
    const inside = await readdir(path, { recursive: true, withFileTypes: true })
    const paths = inside
      .filter((entry) => entry.isFile() && isData(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
    if (paths.length === 0) throw noData(path)
    const files = paths.map((file) => ({ name: relative(path, file), bytes: () => fileBytes(file) }))
    return { files, sources: paths, close: () => {} }
  }
  const magic = await firstBytes(path, 4)
  if (magic.toString('latin1', 0, 2) !== 'PK')
    return { files: [{ name: path, bytes: () => fileBytes(path) }], sources: [path], close: () => {} }
  const zip = await openJudgedZip(path)
  const files = zip.entries
    .filter((entry) => isData(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry) => ({ name: `${basename(path)}: ${entry.name}`, bytes: () => entry.bytes() }))
  if (files.length === 0) {
    zip.close()
    throw noData(path)
  }
  return { files, sources: [path], close: zip.close }
}

async function readFile(file: IsmnFile, builder: SetBuilder): Promise<IsmnFormat> {
  const named = ismnFileName(file.name)
  let format: IsmnFormat | null = null
  let sensor = named?.sensor ?? ''
  let headerPlace: IsmnPlace | null = null
  const places = new Map<string, MeasuringPlace>()
  let records = 0

  const atPlace = (place: IsmnPlace, line: number): MeasuringPlace => {
    const key = `${place.network}/${place.station}|${place.lat}|${place.lon}|${place.depth.join('|')}`
    let at = places.get(key)
    if (!at) {
      const station = builder.station(`${place.network}/${place.station}`, place.station)
      builder.place(station, place.lon, place.lat, true, `${file.name}, line ${line}`)
      builder.stations[station].elevation ??= place.elevation
      at = { station, variables: new Map() }
      places.set(key, at)
    }
    return at
  }
  const variableAt = (at: MeasuringPlace, { depth }: IsmnPlace, variable: string): number => {
    let index = at.variables.get(variable)
    if (index === undefined) {
      index = builder.sensorVariable(at.station, variable, ismnUnit(variable), depth, sensor || 'not named')
      at.variables.set(variable, index)
    }
    return index
  }

  await eachLine(latin1(file.bytes()), (line, number) => {
    if (format === null) {
      format = ismnFormatOf(line)
      if (format === null)
        throw badLine(
          file,
          number,
          line,
          'the first line of an ISMN file: place and depth, or an observation in CEOP form',
        )
      if (format !== 'ceop_composite' && !named)
        throw new LoamError(
          'bad_table',
          `${file.name}: an ISMN file says in its name what it measures, such as Network_Network_Station_sm_0.050000_0.050000_Sensor_20200101_20201231.stm. Give the file its old name back.`,
          { file: file.name },
        )
      if (format === 'header_values') {
        const header = readHeader(line)!
        headerPlace = header
        sensor ||= header.sensor
        return
      }
    }
    const read = readIsmnLine(line, format, named?.variable ?? '')
    const place = read?.place ?? headerPlace
    if (!read || !place) throw badLine(file, number, line, lineForms[format])
    const here = atPlace(place, number)
    for (const { variable, value, flag } of read.values)
      builder.columns.append(here.station, variableAt(here, place, variable), read.timeMs, value, flag)
    records++
  })
  if (format === null || records === 0)
    throw new LoamError(
      'bad_table',
      `${file.name} holds no observation. Get a fresh copy, or take it out of the folder.`,
      {
        file: file.name,
      },
    )
  return format
}

const lineForms: Record<IsmnFormat, string> = {
  header_values: '"2017/01/05 00:00 0.0499 G M": date, time, value, ISMN flag, provider flag',
  ceop_sep: 'nominal and actual time, network, station, place, depth from and to, value, flags',
  ceop_composite: 'nominal and actual time, network, station, place, "-", depth, temperature, flag, moisture, flag',
}

function badLine(file: IsmnFile, line: number, text: string, needed: string): LoamError {
  return new LoamError(
    'bad_table',
    `${file.name}, line ${line}: found "${text.trim().slice(0, 80)}". Needed is ${needed}. The file is damaged or of another kind; get a fresh copy, or take it out.`,
    { file: file.name, line, found: text.trim().slice(0, 200) },
  )
}

function noData(path: string): LoamError {
  return new LoamError(
    'unsupported_format',
    `${path} holds no .stm file. Choose the folder or archive that ISMN delivered.`,
    {
      file: path,
    },
  )
}

/** ISMN marks a good value G. Files from before about 2013 have no G; there U (nothing was found against it) is the best.
 *  Stations that the chosen flags leave without a value are named in a note. */
function acceptedFlags(builder: SetBuilder): string[] {
  const { columns, stations, doubts } = builder
  const good = columns.flagTexts.indexOf('G')
  const hasGood = new Uint8Array(stations.length)
  for (let i = 0; i < columns.length; i++) if (columns.flag[i] === good) hasGood[columns.station[i]] = 1
  if (good < 0) {
    doubts.push('No value has the flag G (files of before about 2013 have none): values with the flag U are accepted.')
    return ['U']
  }
  const without = stations.filter((_, i) => hasGood[i] === 0).map((station) => station.id)
  if (without.length > 0)
    doubts.push(
      `Values with the flag G are accepted. None has it at ${without.slice(0, 12).join(', ')}${without.length > 12 ? ' …' : ''}; accept U too (daily.flags) to use these stations.`,
    )
  return ['G']
}

async function* latin1(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  for await (const chunk of bytes) yield chunk.toString('latin1')
}
