import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { LoamError, asLoamError } from '../contract/index.ts'
import type {
  RasterSettings,
  RefusedFile,
  StationTableSettings,
  Survey,
  SurveyedProduct,
  Task,
} from '../contract/index.ts'
import { cellsOfLaterFiles, describeFile, groupFiles, surveyRasters, surveyStations } from '../engine/catalog/index.ts'
import type { FileDescription, FileGroup } from '../engine/catalog/index.ts'
import { cellMetres } from '../engine/grids/index.ts'
import type { TaskHooks } from './task-board.ts'
import type { ProjectService, ServerContext } from './server-context.ts'

type RasterFile = Extract<FileDescription, { kind: 'raster' }>

/** Enough to see units, scale and how full a date is. */
const cellsOfFirstFile = 4 * 1024 * 1024

/** A product and what is known of its files. */
export interface Candidate {
  readonly id: string
  readonly group: FileGroup
  /** Files that belong to it; those that were refused are not among them. */
  paths: string[]
  readonly seen: Map<string, RasterFile>
  product: SurveyedProduct
}

/** One drop that is being looked into. */
export class OpenSurvey {
  readonly id: string
  readonly candidates: Candidate[] = []
  readonly refused: RefusedFile[] = []
  task: Task | null = null
  #files = 0
  #looked = 0
  #isOver = false
  readonly #context: ServerContext

  constructor(id: string, context: ServerContext) {
    this.id = id
    this.#context = context
  }

  begin(paths: readonly string[]): Survey {
    this.task = this.#context.tasks.begin('Import', (hooks) =>
      this.#look(paths, hooks).finally(() => (this.#isOver = true)),
    )
    return this.state()
  }

  state(): Survey {
    const task = this.#context.tasks.list().find(({ id }) => id === this.task?.id)
    const ended = task?.state === 'failed' || task?.state === 'cancelled' ? task.state : 'done'
    return {
      id: this.id,
      state: this.#isOver || (task && task.endedAtMs !== null) ? ended : 'looking',
      task: this.task?.id ?? '',
      files: this.#files,
      looked: this.#looked,
      products: withOneTarget(this.candidates.map(({ product }) => product)),
      refused: this.refused,
    }
  }

  /** @throws unknown_name */
  candidate(id: string): Candidate {
    const found = this.candidates.find((each) => each.id === id)
    if (found) return found
    throw new LoamError('unknown_name', `This import has no product ${id}. Drop the files again.`, { id })
  }

  /** Understands a product anew with other settings. */
  async review(
    id: string,
    { raster, stations }: { raster?: RasterSettings; stations?: StationTableSettings },
  ): Promise<SurveyedProduct> {
    const candidate = this.candidate(id)
    if (candidate.group.kind === 'rasters') await this.#understand(candidate, raster)
    else await this.#lookAtStations(candidate, stations ?? {})
    if (candidate.product.kind === 'station list') await this.#placeTables()
    return candidate.product
  }

  /** A file of a candidate, looked into once only. */
  async rasterFile(candidate: Candidate, path: string, cellsToSee: number | undefined): Promise<RasterFile['raster']> {
    const known = candidate.seen.get(path)
    if (known) return known.raster
    const found = await describeFile(path, { cellsToSee })
    if (found.kind !== 'raster')
      throw new LoamError('unsupported_format', `${path} holds stations, the files beside it rasters.`, { file: path })
    candidate.seen.set(path, found)
    return found.raster
  }

  async #look(paths: readonly string[], { signal, report }: TaskHooks): Promise<unknown> {
    report({ doing: 'Listing files' })
    const groups = await groupFiles(paths, signal)
    this.#files = groups.reduce((sum, { files }) => sum + files, 0)
    const tell = (): void => report({ doing: 'Looking into files', done: this.#looked, total: this.#files })
    tell()
    for (const group of groups) {
      signal.throwIfAborted()
      await this.#begin(group)
      tell()
    }
    for (const candidate of this.candidates) {
      if (candidate.group.kind !== 'rasters') continue
      for (const path of candidate.paths) {
        signal.throwIfAborted()
        if (candidate.seen.has(path)) continue
        await this.#lookAtRaster(candidate, path, cellsOfLaterFiles)
        // What a product looks like is told as it grows; its meaning is worked out at the end.
        candidate.product = { ...candidate.product, looked: candidate.seen.size }
        tell()
      }
      await this.#understand(candidate, candidate.product.raster?.settings)
      tell()
    }
    await this.#placeTables()
    return { products: this.candidates.length, refused: this.refused.length }
  }

  /** The first file of a group says what it is. */
  async #begin(group: FileGroup): Promise<void> {
    const id = `p${this.candidates.length + 1}`
    const candidate: Candidate = {
      id,
      group,
      paths: [...group.paths],
      seen: new Map(),
      // Replaced as soon as the first file was looked into.
      product: null as unknown as SurveyedProduct,
    }
    if (group.kind !== 'rasters') {
      try {
        await this.#lookAtStations(candidate, {})
        // Before it can be added; where the list comes later, it is placed at the end.
        await this.#placeTable(candidate)
        this.candidates.push(candidate)
      } catch (thrown) {
        this.#refuse(group.paths[0], thrown)
      }
      this.#looked += group.files
      return
    }
    for (const path of group.paths) {
      const found = await this.#lookAtRaster(candidate, path, cellsOfFirstFile)
      if (!found) continue
      if (found.kind === 'stations') {
        candidate.paths = [path]
        candidate.product = surveyStations(id, { ...group, files: 1 }, found.stations, {})
      } else await this.#understand(candidate, undefined)
      this.candidates.push(candidate)
      return
    }
  }

  async #lookAtRaster(candidate: Candidate, path: string, cellsToSee: number): Promise<FileDescription | null> {
    try {
      const found = await describeFile(path, { cellsToSee })
      if (found.kind === 'raster') candidate.seen.set(path, found)
      return found
    } catch (thrown) {
      candidate.paths = candidate.paths.filter((each) => each !== path)
      this.#refuse(path, thrown)
      return null
    } finally {
      this.#looked++
    }
  }

  async #understand(candidate: Candidate, settings: RasterSettings | undefined): Promise<void> {
    const { id, group, paths, seen } = candidate
    const descriptions = paths.flatMap((path) => seen.get(path)?.raster ?? [])
    if (descriptions.length === 0) return
    candidate.product = await surveyRasters(id, { ...group, files: paths.length }, paths, descriptions, settings ?? {})
  }

  async #lookAtStations(candidate: Candidate, settings: StationTableSettings): Promise<void> {
    const { id, group, paths } = candidate
    const { path, ...options } = { path: resolve(paths[0]), ...settings }
    const found = await describeFile(path, { stations: { paths, options } })
    if (found.kind !== 'stations') throw new LoamError('internal', `${path} was not read as stations.`)
    candidate.product = surveyStations(id, group, found.stations, settings)
  }

  async #placeTables(): Promise<void> {
    for (const candidate of this.candidates) await this.#placeTable(candidate)
  }

  /** A list of stations beside a table without places says where its stations are: the one that knows most of them. */
  async #placeTable(candidate: Candidate): Promise<void> {
    const { kind, stations } = candidate.product
    if (kind !== 'stations' || stations?.format !== 'table' || stations.crs !== '') return
    const own = new Set(stations.stations)
    const known = (list: Candidate): number => list.product.stations?.stations.filter((id) => own.has(id)).length ?? 0
    const [list] = this.candidates
      .filter((each) => each.product.kind === 'station list' && known(each) > 0)
      .sort((a, b) => known(b) - known(a))
    if (!list) return
    // Read anew: what the list says may need a word of the user, such as the CRS of its coordinates.
    const crs = stations.settings.crs ?? list.product.stations?.settings.crs
    await this.#lookAtStations(candidate, { ...stations.settings, crs, stationsFile: list.paths[0] })
    const origin = `The places of ${known(list)} stations are taken from ${list.group.title}, which was dropped with it.`
    candidate.product = { ...candidate.product, doubts: [...candidate.product.doubts, origin] }
  }

  #refuse(path: string, thrown: unknown): void {
    const { code, message } = asLoamError(thrown)
    if (code === 'cancelled') throw thrown
    this.refused.push({ path, code, message })
  }
}

/** Of several products that hold soil moisture the coarsest is made finer; what the others are is left to the user. */
function withOneTarget(products: readonly SurveyedProduct[]): SurveyedProduct[] {
  const size = ({ raster }: SurveyedProduct): number => (raster ? cellMetres(raster) : 0)
  const [coarsest] = products.filter(({ role }) => role === 'target').sort((a, b) => size(b) - size(a))
  return products.map((product) =>
    product.role === 'target' && product !== coarsest ? { ...product, role: 'unassigned' } : product,
  )
}

/** The drops of an open project that are still looked at. */
export const surveys: ProjectService<Map<string, OpenSurvey>> = {
  open: () => new Map(),
  close: (open) => open.clear(),
}

/** @throws unknown_name */
export function surveyOf(context: ServerContext, id: string): OpenSurvey {
  const found = context.service(surveys).get(id)
  if (found) return found
  throw new LoamError('unknown_name', `There is no import ${id}; it was closed. Drop the files again.`, { id })
}

/** Whether a file is there, for lists that say what is missing. */
export async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}
