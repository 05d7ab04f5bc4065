import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import yauzl from 'yauzl'
import type { Entry, ZipFile } from 'yauzl'
import { LoamError } from '../../contract/index.ts'
import { harmlessBytes, largestInflation } from './text-source.ts'

const mostEntries = 100_000

/** One file in an archive. */
export interface ZipEntry {
  readonly name: string
  bytes(): AsyncGenerator<Buffer>
}

/** Opens a zip after judging all of it: no entry is unpacked before every name and size has been looked at. Nothing is
 *  written to disk. Close it after use.
 *  Refused: absolute names, `..`, backslashes, links and devices, names that differ only in case, encrypted entries,
 *  more than 1e5 entries, contents over 200 times the packed size; unpacked bytes are counted against the stated size.
 *  @throws unsafe_input, bad_table */
export async function openJudgedZip(path: string): Promise<{ entries: ZipEntry[]; close: () => void }> {
  const zip = await openZip(path)
  try {
    const entries = await judge(path, zip, (await stat(path)).size)
    return {
      entries: entries.map((entry) => ({ name: entry.fileName, bytes: () => unpack(path, zip, entry) })),
      close: () => zip.close(),
    }
  } catch (fault) {
    zip.close()
    throw fault
  }
}

function openZip(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false, strictFileNames: true }, (fault, zip) => {
      if (fault) reject(damaged(path, fault))
      else resolve(zip)
    })
  })
}

/** @returns the entries that are files */
function judge(path: string, zip: ZipFile, archiveBytes: number): Promise<Entry[]> {
  if (zip.entryCount > mostEntries) throw unsafe(path, `it has ${zip.entryCount} entries, ${mostEntries} are allowed`)
  const files: Entry[] = []
  const names = new Set<string>()
  let stated = 0
  return new Promise((resolve, reject) => {
    zip.on('error', (fault: Error) => {
      const isName = /invalid relative path|absolute path|invalid characters/.test(fault.message)
      reject(isName ? unsafe(path, fault.message) : damaged(path, fault))
    })
    zip.on('end', () => {
      const isBomb = stated > harmlessBytes && stated > archiveBytes * largestInflation
      if (isBomb) reject(unsafe(path, `it unpacks to ${stated} bytes, over ${largestInflation} times its size`))
      else resolve(files)
    })
    zip.on('entry', (entry: Entry) => {
      const fault = faultOf(entry, names)
      if (fault) {
        reject(unsafe(path, fault))
        return
      }
      stated += entry.uncompressedSize
      if (!entry.fileName.endsWith('/')) files.push(entry)
      zip.readEntry()
    })
    zip.readEntry()
  })
}

function faultOf(entry: Entry, names: Set<string>): string | null {
  const { fileName: name } = entry
  // oxlint-disable-next-line no-control-regex
  if (name === '' || name.length > 4096 || /[\u0000-\u001f\u007f]/.test(name))
    return `an entry has an impossible name (${JSON.stringify(name.slice(0, 80))})`
  const folded = name.normalize('NFC').toLowerCase().replace(/\/$/, '')
  if (names.has(folded)) return `the name "${name}" comes twice, or once more in other capitals`
  names.add(folded)
  // The upper half holds the Unix mode where the packer wrote one: 0o100000 file, 0o040000 folder.
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000
  if (kind !== 0 && kind !== 0o100000 && kind !== 0o040000) return `"${name}" is a link or a device, not a file`
  if (entry.isEncrypted()) return `"${name}" is encrypted`
  if (entry.uncompressedSize > harmlessBytes && entry.uncompressedSize > entry.compressedSize * largestInflation)
    return `"${name}" unpacks to over ${largestInflation} times its size`
  return null
}

async function* unpack(path: string, zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  const stream = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (fault, opened) => {
      if (fault) reject(damaged(path, fault))
      else resolve(opened)
    })
  })
  let unpacked = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      unpacked += chunk.length
      if (unpacked > entry.uncompressedSize)
        throw unsafe(path, `"${entry.fileName}" unpacks to more than the ${entry.uncompressedSize} bytes it states`)
      yield chunk
    }
  } catch (fault) {
    throw fault instanceof LoamError ? fault : damaged(path, fault as Error)
  } finally {
    stream.destroy()
  }
}

function unsafe(path: string, found: string): LoamError {
  return new LoamError(
    'unsafe_input',
    `${path} is refused: ${found}. An archive from a data service has none of that; unpack it yourself if you trust it, and give the folder.`,
    { file: path },
  )
}

function damaged(path: string, fault: Error): LoamError {
  return new LoamError('bad_table', `${path} cannot be unpacked: ${fault.message}. Get a fresh copy of the archive.`, {
    file: path,
  })
}
