import { existsSync, statSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { RecentProject } from '../contract/index.ts'
import { publishBytes } from '../engine/files/index.ts'
import { extentIn } from '../engine/grids/index.ts'
import type { Project } from '../engine/project/index.ts'
import { gridExtent } from '../engine/raster/index.ts'
import { picturePath } from './map-picture.ts'

const mostRecent = 12
/** Enough to say that files are missing; a project of 10⁵ files is not looked through for its place in a list. */
const mostFilesLookedFor = 400

const Remembered = z.array(
  z.object({
    name: z.string(),
    path: z.string(),
    openedAtMs: z.number(),
    datasets: z.number(),
    runs: z.number(),
    files: z.array(z.string()),
    place: z.object({ lon: z.number(), lat: z.number() }).nullable().default(null),
  }),
)
type Remembered = z.infer<typeof Remembered>

/** Projects opened lately, newest first; those whose files are gone say how many. */
export async function recentProjects(configFolder: string): Promise<RecentProject[]> {
  return (await remembered(configFolder)).map(({ files, ...project }) => ({
    ...project,
    missingFiles: existsSync(project.path) ? files.filter((file) => !isThere(file)).length : null,
    picturedAtMs: statSync(picturePath(project.path), { throwIfNoEntry: false })?.mtimeMs ?? null,
  }))
}

export async function rememberProject(configFolder: string, project: Project): Promise<void> {
  const files = project
    .datasets()
    .flatMap(({ name }) => project.storedDataset(name).files.map((file) => file.path))
    .slice(0, mostFilesLookedFor)
  const entry = {
    name: project.info.name,
    path: project.path,
    openedAtMs: Date.now(),
    datasets: project.datasets().length,
    runs: project.runs().length,
    files,
    place: placeOf(project),
  }
  const others = (await remembered(configFolder)).filter(({ path }) => path !== project.path)
  await write(configFolder, [entry, ...others].slice(0, mostRecent))
}

/** Anew what the list says of a project that is being left; its place in the list stays. */
export async function updateRemembered(configFolder: string, project: Project): Promise<void> {
  const all = await remembered(configFolder)
  const before = all.find(({ path }) => path === project.path)
  if (!before) return
  const datasets = project.datasets().length
  const now = { ...before, datasets, runs: project.runs().length, place: placeOf(project) }
  await write(
    configFolder,
    all.map((each) => (each === before ? now : each)),
  )
}

/** The middle of its area, else of its first dataset, in degrees. */
function placeOf(project: Project): { lon: number; lat: number } | null {
  const { crs, area, removed } = project.workspace().document
  const first = project.datasets().find(({ name }) => !removed.datasets.includes(name))?.grid
  const place = crs && area ? { crs, extent: area } : first ? { crs: first.crs, extent: gridExtent(first) } : null
  const found = place && extentIn(place.crs, place.extent, 'EPSG:4326')
  if (!found || !found.every(Number.isFinite)) return null
  return { lon: (found[0] + found[2]) / 2, lat: (found[1] + found[3]) / 2 }
}

export async function forgetProject(configFolder: string, path: string): Promise<void> {
  await write(
    configFolder,
    (await remembered(configFolder)).filter((project) => project.path !== path),
  )
}

const listPath = (configFolder: string): string => join(configFolder, 'recent-projects.json')

/** None when there is no list, or one that another version wrote: it is a convenience, not data. */
async function remembered(configFolder: string): Promise<Remembered> {
  try {
    return Remembered.parse(JSON.parse(await readFile(listPath(configFolder), 'utf8')))
  } catch {
    return []
  }
}

async function write(configFolder: string, projects: Remembered): Promise<void> {
  await mkdir(configFolder, { recursive: true, mode: 0o700 })
  await publishBytes(listPath(configFolder), `${JSON.stringify(projects, null, 1)}\n`)
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
