import { createWriteStream } from 'node:fs'
import { link, mkdir, realpath, rm, statfs } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { LoamError } from '../contract/index.ts'
import { syncFile, syncFolder, temporaryPathFor } from '../engine/files/index.ts'
import type { Project } from '../engine/project/index.ts'

/** Left free, so that the project can still be saved. */
const reserveBytes = 256e6

/** Folder of files dropped in a browser. */
export function importsFolder(project: Project): string {
  return join(project.folder, `${basename(project.path, '.loam')}-imports`)
}

/** Writes a dropped file as it comes in, aside, and gives it its name when it is whole.
 *  @param path of the file inside the drop, `/` between parts
 *  @throws not_allowed for a path that leads out of the batch; name_taken; disk_full before the disk is */
export async function receiveUpload(
  project: Project,
  { batch, path }: { readonly batch: string; readonly path: string },
  body: ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
): Promise<{ path: string; bytes: number }> {
  if (project.mode !== 'write')
    throw new LoamError('project_locked', `${project.path} is open for reading only. Open it for writing to add files.`)
  const parts = path.split('/')
  if (parts.some((part) => !isPlainName(part)))
    throw new LoamError('not_allowed', `A file called ${JSON.stringify(path)} is not taken in. Rename it.`, { path })
  const root = join(importsFolder(project), batch)
  const target = join(root, ...parts)
  await mkdir(dirname(target), { recursive: true })
  const [realRoot, realFolder] = await Promise.all([realpath(root), realpath(dirname(target))])
  if (realFolder !== realRoot && !realFolder.startsWith(realRoot + sep))
    throw new LoamError('not_allowed', `${path} leads out of the folder of this import.`, { path })

  const temporary = temporaryPathFor(target)
  let bytes = 0
  let room = await freeBytes(realFolder)
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.byteLength
      room -= chunk.byteLength
      done(room < 0 ? diskFull(target) : null, chunk)
    },
  })
  try {
    const source = body ? Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]) : Readable.from([])
    await pipeline(source, counted, createWriteStream(temporary, { flags: 'wx' }), { signal })
    await syncFile(temporary)
    // Linking, unlike renaming, refuses a name that is taken.
    await link(temporary, target)
    await syncFolder(dirname(target))
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST')
      throw new LoamError('name_taken', `This import has a file ${path} already.`, { path: target })
    throw thrown
  } finally {
    await rm(temporary, { force: true })
  }
  return { path: target, bytes }
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize - reserveBytes
}

function diskFull(path: string): LoamError {
  return new LoamError('disk_full', `The disk has no room for ${path}. Free some space, then drop it again.`, { path })
}

/** A name that is one on every system: no folders, nothing hidden or reserved. */
function isPlainName(name: string): boolean {
  return (
    name !== '' &&
    !name.startsWith('.') &&
    !/[\p{Cc}<>:"/\\|?*]/u.test(name) &&
    !/[. ]$/.test(name) &&
    !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name) &&
    Buffer.byteLength(name) <= 255
  )
}
