import { basename, join, relative, sep } from 'node:path'
import { mkdir } from 'node:fs/promises'
import { LoamError } from '../../contract/index.ts'
import type { WrittenReport, reportEndpoints } from '../../contract/index.ts'
import { hashBytes, publishBytes } from '../../engine/files/index.ts'
import type { Routes } from '../routes.ts'
import { fileInside } from '../static-page.ts'
import { requireWholePath } from '../whole-path.ts'

const largestPicture = 30e6

export const reportRoutes: Routes<typeof reportEndpoints> = {
  async keepPicture({ query, stream }, context) {
    const { project } = context.engine()
    if (project.mode === 'read')
      throw new LoamError(
        'project_locked',
        'The project is open for viewing only, so no picture can be kept in it. Close it elsewhere and open it again.',
      )
    const bytes = await readAll(stream)
    const folder = `${basename(project.path).replace(/\.loam$/, '')}-figures`
    await mkdir(join(project.folder, folder), { recursive: true })
    const file = `${folder}/${hashBytes(bytes).slice(0, 20)}.${query.kind}`
    await publishBytes(join(project.folder, file), bytes)
    return { file }
  },
  writeReport({ params, body }, context) {
    const engine = context.engine()
    const { folder } = engine.project
    const { id } = engine.project.run(params.run)
    if (body.path) requireWholePath(body.path)
    return context.tasks.begin(`Report of run ${id}`, async ({ signal }): Promise<WrittenReport> => {
      const figures = []
      for (const figure of body.figures) {
        const path = await fileInside(folder, figure.file)
        if (!path)
          throw new LoamError(
            'not_found',
            `The picture of "${figure.title}" (${figure.file}) is not in the project's folder any more. Pin it again, or take it out of the report.`,
          )
        figures.push({ ...figure, path })
      }
      const path = await engine.report(id, { settings: body.settings, figures, path: body.path, signal })
      const inside = relative(folder, path)
      return { path, relativePath: inside.startsWith('..') ? null : inside.split(sep).join('/') }
    })
  },
}

async function readAll(stream: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let total = 0
  for await (const part of stream ?? []) {
    total += part.byteLength
    if (total > largestPicture)
      throw new LoamError('too_large', `The picture is larger than ${largestPicture / 1e6} MB. Pin a smaller view.`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}
