import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { Reproduction, runEndpoints } from '../../contract/index.ts'
import { planExport, readResults, readRunLog } from '../../engine/runs/index.ts'
import type { Routes } from '../routes.ts'
import { compareRuns, detailsOfRun, mapsOfRun, progressOf, provenanceOfRun, summaryOfRun } from '../run-view.ts'
import { accountName } from '../../engine/engine.ts'
import { requireWholePath } from '../whole-path.ts'

export const runRoutes: Routes<typeof runEndpoints> = {
  listRuns(_input, context) {
    const engine = context.engine()
    return engine.project
      .runs()
      .map((run) => summaryOfRun(engine, context.runs, run.id))
      .reverse()
  },
  async planRun({ body }, context) {
    const engine = context.engine()
    const run = await engine.plan(body.recipe)
    context.events.tell({ type: 'runs' })
    return detailsOfRun(engine, context.runs, run)
  },
  showRun({ params }, context) {
    const engine = context.engine()
    return detailsOfRun(engine, context.runs, engine.project.run(params.run))
  },
  async discardRun({ params }, context) {
    if (context.runs.live().some(({ id }) => id === params.run))
      throw new LoamError('conflict', `Run ${params.run} is started. Cancel it instead.`, { run: params.run })
    await context.engine().discard(params.run)
    context.events.tell({ type: 'runs' })
    return null
  },
  estimateRun: ({ params, body }, context) => context.engine().estimate(params.run, body),
  startRun({ params, body }, context) {
    const engine = context.engine()
    return summaryOfRun(engine, context.runs, context.runs.start(params.run, body).id)
  },
  pauseRun({ params }, context) {
    const engine = context.engine()
    return summaryOfRun(engine, context.runs, context.runs.pause(params.run).id)
  },
  cancelRun({ params }, context) {
    const engine = context.engine()
    return summaryOfRun(engine, context.runs, context.runs.cancel(params.run).id)
  },
  async runLog({ params, query }, context) {
    const lines = await readRunLog(context.engine().project.run(params.run).folder)
    return lines.filter(({ n }) => n > query.after)
  },
  async runFindings({ params }, context) {
    const { files: _files, ...findings } = await readResults(context.engine().project.run(params.run).folder)
    return findings
  },
  runScores: ({ params }, context) => context.engine().scores(params.run),
  runTestPart: ({ params }, context) => context.engine().testPart(params.run),
  async openTestPart({ params, body }, context) {
    const engine = context.engine()
    await engine.openTestPart(params.run, { reason: body.reason, who: accountName() })
    context.events.tell({ type: 'runs' })
    return (await engine.testPart(params.run))!
  },
  runMaps({ params }, context) {
    const engine = context.engine()
    return mapsOfRun(engine, context.runs, engine.project.run(params.run))
  },
  runProvenance({ params }, context) {
    const engine = context.engine()
    return provenanceOfRun(engine, context.runs, engine.project.run(params.run))
  },
  compareRuns({ params }, context) {
    const engine = context.engine()
    const { project } = engine
    return compareRuns(engine, context.runs, project.run(params.run), project.run(params.other))
  },
  reproduceRun({ params, body }, context) {
    const engine = context.engine()
    const run = engine.project.run(params.run)
    if (run.state !== 'done' && run.state !== 'done_with_warnings')
      throw new LoamError('incomplete', `Run ${run.id} has not ended well, so there is nothing to compare with.`, {
        run: run.id,
      })
    return context.tasks.begin(`Reproduce ${run.id}`, async ({ signal, report }): Promise<Reproduction> => {
      const { compared, changedVersions } = await engine.reproduce(run.id, body, {
        signal,
        onEvent(event) {
          if (event.event !== 'progress') return
          const { step, done, total } = progressOf(event)
          report({ doing: step, done, total })
        },
      })
      const firstDifference = compared.find(({ was, is }) => was !== is) ?? null
      return { isIdentical: firstDifference === null, files: compared.length, firstDifference, changedVersions }
    })
  },
  async planExport({ params, body: { folder, ...choice } }, context) {
    const planned = await planExport(context.engine().project.run(params.run).folder, choice)
    const disk = folder === null ? null : await statfs(folder).catch(() => null)
    return {
      files: planned.map(({ name, bytes }) => ({ name, bytes })),
      bytes: planned.reduce((sum, { bytes }) => sum + bytes, 0),
      freeBytes: disk && disk.bavail * disk.bsize,
    }
  },
  exportRun({ params, body: { folder, name, ...choice } }, context) {
    const engine = context.engine()
    const run = engine.project.run(params.run)
    requireWholePath(folder)
    return context.tasks.begin(`Export ${run.id}`, ({ signal, report }) =>
      engine.exportRun(
        run.id,
        { ...choice, to: join(folder, name) },
        { signal, onProgress: (doing, done, total) => report({ doing, done, total }) },
      ),
    )
  },
}
