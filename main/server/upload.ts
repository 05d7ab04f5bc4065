import { createWriteStream } from 'node:fs'
import { link, mkdir, realpath, rm, rmdir, statfs } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { LoamError } from '../contract/index.ts'
import { syncFile, syncFolder, temporaryPathFor } from '../engine/files/index.ts'
import type { Project } from '../engine/project/index.ts'
import type { ProjectService, ServerContext } from './server-context.ts'

/** Left free, so that the project can still be saved. */
const reserveBytes = 256e6

/** Folder of files dropped in a browser. */
export function importsFolder(project: Project): string {
  return join(project.folder, `${basename(project.path, '.loam')}-imports`)
}

/** Uploads of a project: what of each batch is coming in, and which batches are wanted no more. */
interface Uploads {
  readonly comingIn: Map<string, Map<AbortController, Promise<unknown>>>
  readonly discarded: Set<string>
}

const uploads: ProjectService<Uploads> = {
  open: () => ({ comingIn: new Map(), discarded: new Set() }),
  close: ({ comingIn }) => {
    for (const each of comingIn.values()) for (const stop of each.keys()) stop.abort()
  },
}

/** Takes in a dropped file, until it is whole, or the request or its whole batch is called off.
 *  @param path of the file inside the drop, `/` between parts
 *  @throws not_allowed for a path that leads out of the batch; name_taken; disk_full before the disk is; cancelled */
export async function receiveUpload(
  context: ServerContext,
  place: { readonly batch: string; readonly path: string },
  body: ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
): Promise<{ path: string; bytes: number }> {
  const { project } = context.engine()
  const { comingIn, discarded } = context.service(uploads)
  const { batch } = place
  if (discarded.has(batch)) throw new LoamError('cancelled', 'This import was called off.')
  const stop = new AbortController()
  const end = (): void => stop.abort()
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  const writing = writeUpload(project, place, body, stop.signal)
  const ofBatch = comingIn.get(batch) ?? new Map<AbortController, Promise<unknown>>()
  comingIn.set(batch, ofBatch.set(stop, writing))
  try {
    return await writing
  } finally {
    signal.removeEventListener('abort', end)
    ofBatch.delete(stop)
    if (ofBatch.size === 0) comingIn.delete(batch)
  }
}

/** Calls a batch off: what is coming in is stopped, and its files are removed unless a dataset or station set is made of one. */
export async function discardUpload(context: ServerContext, batch: string): Promise<{ readonly isKept: boolean }> {
  const { project } = context.engine()
  requireWriting(project)
  if (!batchPattern.test(batch))
    throw new LoamError('not_allowed', `${JSON.stringify(batch)} is no import. Give the name it was sent under.`)
  const folder = join(importsFolder(project), batch)
  if (isUsed(project, folder)) return { isKept: true }
  const { comingIn, discarded } = context.service(uploads)
  discarded.add(batch)
  const ofBatch = comingIn.get(batch) ?? new Map<AbortController, Promise<unknown>>()
  for (const stop of ofBatch.keys()) stop.abort()
  await Promise.allSettled(ofBatch.values())
  await rm(folder, { recursive: true, force: true })
  // The folder of all imports goes with the last of them.
  await rmdir(importsFolder(project)).catch(() => undefined)
  return { isKept: false }
}

const batchPattern = /^[a-z0-9-]{1,40}$/

function isUsed(project: Project, folder: string): boolean {
  // A file in an archive has the path of the archive in its own.
  const isInside = ({ path }: { readonly path: string }): boolean => path.includes(folder + sep)
  return (
    project.datasets().some(({ name }) => project.storedDataset(name).files.some(isInside)) ||
    project.stationSets().some(({ name }) => project.stationSet(name).sources.some(isInside))
  )
}

function requireWriting({ mode, path }: Project): void {
  if (mode !== 'write')
    throw new LoamError('project_locked', `${path} is open for reading only. Open it for writing to add files.`)
}

/** Writes a dropped file as it comes in, aside, and gives it its name when it is whole.
 *  @throws as `receiveUpload` */
export async function writeUpload(
  project: Project,
  { batch, path }: { readonly batch: string; readonly path: string },
  body: ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
): Promise<{ path: string; bytes: number }> {
  requireWriting(project)
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
