import { createReadStream } from 'node:fs'
import { stat, statfs } from 'node:fs/promises'
import { availableParallelism, freemem, totalmem } from 'node:os'
import { extname } from 'node:path'
import { Readable } from 'node:stream'
import { LoamError, filePolicy } from '../../contract/index.ts'
import type { systemEndpoints } from '../../contract/index.ts'
import { loamVersion } from '../../engine/engine.ts'
import { listFolder, places } from '../folder-listing.ts'
import { BinaryReply } from '../routes.ts'
import type { Routes } from '../routes.ts'
import { fileInside } from '../static-page.ts'
import { discardUpload, receiveUpload } from '../upload.ts'
import { summaryOf } from './project.ts'

export const systemRoutes: Routes<typeof systemEndpoints> = {
  hello: (_input, { mode, openEngine }) => ({
    version: loamVersion(),
    mode,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    project: openEngine ? summaryOf(openEngine) : null,
  }),
  async status(_input, { openEngine }) {
    const disk = openEngine ? await statfs(openEngine.project.folder) : null
    return {
      memoryBytes: totalmem(),
      freeMemoryBytes: freemem(),
      engineMemoryBytes: process.memoryUsage.rss(),
      diskBytes: disk ? disk.blocks * disk.bsize : null,
      freeDiskBytes: disk ? disk.bavail * disk.bsize : null,
    }
  },
  events: ({ lastEventId, signal }, { events }) => events.follow(lastEventId, signal),
  places: (_input, { openEngine }) => places(openEngine?.project.folder ?? null),
  folder: ({ query }) => listFolder(query.path, query.glob),
  async file({ query }, context) {
    const { folder } = context.engine().project
    const path = await fileInside(folder, query.path)
    const info = path ? await stat(path) : null
    if (!path || !info?.isFile())
      throw new LoamError('not_allowed', `${query.path} is no file inside the project's folder.`, { path: query.path })
    const type = shownTypes[extname(path).toLowerCase()]
    return new BinaryReply(Readable.toWeb(createReadStream(path)) as unknown as ReadableStream<Uint8Array>, {
      'content-type': type ?? 'application/octet-stream',
      'content-length': String(info.size),
      'content-disposition': type ? 'inline' : 'attachment',
      // It may be a stranger's: it is shown without any of the page's rights.
      'content-security-policy': filePolicy,
    })
  },
  upload: ({ query, stream, signal }, context) => receiveUpload(context, query, stream, signal),
  discardUpload: ({ params }, context) => discardUpload(context, params.batch),
}

/** Shown in the window; anything else is saved. */
const shownTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.jpg': 'image/jpeg',
  '.txt': 'text/plain; charset=utf-8',
  '.json': 'application/json',
  '.csv': 'text/csv; charset=utf-8',
}
