import { mkdir, statfs } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { ProjectSummary, WorkspaceState, projectEndpoints } from '../../contract/index.ts'
import type { Engine } from '../../engine/engine.ts'
import { packProject, planPack } from '../../engine/pack/index.ts'
import { makeSampleProject } from '../../engine/sample-project.ts'
import { findDroppedProject } from '../find-dropped-project.ts'
import { keepMapPicture, mapPicture } from '../map-picture.ts'
import { forgetProject, recentProjects } from '../recent-projects.ts'
import type { Routes } from '../routes.ts'
import type { ServerContext } from '../server-context.ts'
import type { TaskHooks } from '../task-board.ts'
import { requireWholePath } from '../whole-path.ts'

export const projectRoutes: Routes<typeof projectEndpoints> = {
  project: (_input, context) => summaryOf(context.engine()),
  recentProjects: (_input, { configFolder }) => recentProjects(configFolder),
  async forgetProject({ body }, { configFolder }) {
    await forgetProject(configFolder, body.path)
    return recentProjects(configFolder)
  },
  async keepMapPicture({ stream }, context) {
    await keepMapPicture(context.engine().project, stream)
    return null
  },
  async mapPicture({ query: { path } }, { configFolder }) {
    // Only what the list shows: a picture tells that a file is there.
    const isListed = (await recentProjects(configFolder)).some((project) => project.path === path)
    if (!isListed) throw new LoamError('not_found', `${path} is not among the projects opened lately.`, { path })
    return mapPicture(path)
  },
  findProject: ({ body }, context) => findDroppedProject(body, context),
  async createProject({ body: { name, folder } }, context) {
    requireWholePath(folder)
    await mkdir(folder, { recursive: true })
    const engine = await context.createProject(join(folder, `${fileNameOf(name)}.loam`), name)
    return summaryOf(engine)
  },
  async openProject({ body: { path, mode } }, context) {
    requireWholePath(path)
    return summaryOf(await context.openProject(path, mode))
  },
  async closeProject(_input, context) {
    await context.closeProject()
    return null
  },
  sampleProject({ body: { folder, ...world } }, context) {
    requireWholePath(folder)
    context.requireIdle()
    const make = async ({ signal, report }: TaskHooks): Promise<ProjectSummary> => {
      const path = join(resolve(folder), 'virtual-catchment.loam')
      // It cannot be open twice in one process, and it is made in its place.
      if (context.openEngine?.project.path === path) return summaryOf(context.engine())
      const { engine, recipe } = await makeSampleProject(folder, world, {
        signal,
        onProgress: (doing, done, total) => report({ doing, done, total }),
        onNote: () => {},
      })
      // Kept with the project, so that the model place has a recipe to begin with.
      engine.project.putRecipe(recipe)
      const { revision, document } = engine.project.workspace()
      if (revision === 0)
        engine.project.putWorkspace({ label: 'Sample', revision, document: { ...document, recipe: asDraft(recipe) } })
      await engine.close()
      signal.throwIfAborted()
      return summaryOf(await context.openProject(path, 'write'))
    }
    return context.tasks.begin('Sample project', make, { isOfProject: false })
  },

  async planPack({ body: { data, folder } }, context) {
    const { files, bytes, outside } = await planPack(context.engine().project, data)
    const disk = folder === null ? null : await statfs(folder).catch(() => null)
    return { files: files.length, bytes, outside, freeBytes: disk && disk.bavail * disk.bsize }
  },
  packProject({ body: { folder, name, data } }, context) {
    requireWholePath(folder)
    const { project } = context.engine()
    return context.tasks.begin(`Pack ${project.info.name}`, ({ signal, report }) =>
      packProject(
        project,
        { to: join(folder, name), data },
        { signal, onProgress: (doing, done, total) => report({ doing, done, total }) },
      ),
    )
  },

  workspace: (_input, context) => context.engine().project.workspace(),
  putWorkspace: ({ body }, context) => toldWorkspace(context, context.engine().project.putWorkspace(body)),
  undoWorkspace: ({ body }, context) =>
    toldWorkspace(context, context.engine().project.stepWorkspace(body.revision, -1)),
  redoWorkspace: ({ body }, context) =>
    toldWorkspace(context, context.engine().project.stepWorkspace(body.revision, 1)),
}

export function summaryOf({ project }: Engine): ProjectSummary {
  const { heldBy } = project
  return {
    name: project.info.name,
    path: project.path,
    folder: project.folder,
    mode: project.mode,
    heldBy: heldBy ? `${heldBy.what} (process ${heldBy.pid} on ${heldBy.host}, since ${heldBy.since})` : null,
    warnings: project.warnings,
    createdAtMs: project.info.createdAtMs,
    datasets: project.datasets().length,
    stationSets: project.stationSets().length,
    runs: project.runs().length,
  }
}

function toldWorkspace({ events }: ServerContext, state: WorkspaceState): WorkspaceState {
  events.tell({ type: 'workspace', revision: state.revision })
  return state
}

/** A name as a file name on any system. */
function fileNameOf(name: string): string {
  const cleaned = name
    .normalize('NFC')
    .replace(/[\p{Cc}<>:"/\\|?*]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[ .]+|[ .]+$/g, '')
    .slice(0, 80)
  return cleaned || 'project'
}

function asDraft(recipe: object): WorkspaceState['document']['recipe'] {
  return JSON.parse(JSON.stringify(recipe)) as WorkspaceState['document']['recipe']
}
