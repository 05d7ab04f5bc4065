import { mkdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { LoamError } from '../contract/index.ts'
import { publishBytes } from '../engine/files/index.ts'
import type { Project } from '../engine/project/index.ts'
import { BinaryReply } from './routes.ts'

const mostBytes = 256e3
const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** Where the picture of a project's map lies: in its store, so that it goes along when the project is moved. */
export function picturePath(projectPath: string): string {
  return join(dirname(projectPath), `${basename(projectPath, '.loam')}-store`, 'map.png')
}

/** Keeps the map as it was last seen.
 *  @throws bad_input for what is no small PNG; project_locked */
export async function keepMapPicture(project: Project, body: ReadableStream<Uint8Array> | null): Promise<void> {
  if (project.mode !== 'write')
    throw new LoamError('project_locked', `${project.path} is open for viewing only, so its picture stays as it is.`)
  const chunks: Uint8Array[] = []
  let bytes = 0
  if (body)
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength
      if (bytes > mostBytes) break
      chunks.push(chunk)
    }
  const picture = Buffer.concat(chunks)
  if (bytes > mostBytes || pngSignature.some((byte, i) => picture[i] !== byte))
    throw new LoamError('bad_input', `The picture of a map is a PNG of at most ${mostBytes / 1e3} kB. Make it smaller.`)
  const path = picturePath(project.path)
  await mkdir(dirname(path), { recursive: true })
  await publishBytes(path, picture)
}

/** @throws not_found */
export async function mapPicture(projectPath: string): Promise<BinaryReply> {
  const picture = await readFile(picturePath(projectPath)).catch(() => null)
  if (!picture) throw new LoamError('not_found', `${projectPath} has no picture of its map yet. Open it to make one.`)
  return new BinaryReply(new Uint8Array(picture), { 'content-type': 'image/png', 'cache-control': 'private, no-cache' })
}
