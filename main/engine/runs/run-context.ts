import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { RasterDataset } from '../../contract/index.ts'
import { hashFile } from '../files/index.ts'
import { decodeModel } from '../models/index.ts'
import type { Model } from '../models/index.ts'
import { RasterReader } from '../raster/index.ts'
import { decodeSamples } from '../samples/index.ts'
import type { SampleTable } from '../samples/index.ts'
import { decodeArea } from './area-of-run.ts'
import type { AreaOfRun } from './area-of-run.ts'
import { PartStore } from './part-store.ts'
import { listParts } from './part-keys.ts'
import type { PartList } from './part-keys.ts'
import { readPlan, readStationInputs } from './plan.ts'
import type { Plan } from './plan.ts'
import { compileRunFields, planStationSources } from './run-fields.ts'
import type { RunFields } from './run-fields.ts'

/** What a process needs to compute parts of a run: opened once, used for many parts, closed at the end. */
export class RunContext {
  readonly folder: string
  readonly plan: Plan
  readonly fields: RunFields
  readonly parts: PartList
  readonly store: PartStore
  readonly reader: RasterReader
  private table: { key: string; table: SampleTable } | null = null
  private model: { key: string; model: Model } | null = null
  private areaKept: { key: string; area: AreaOfRun } | null = null

  private constructor(folder: string, plan: Plan, fields: RunFields, store: PartStore, reader: RasterReader) {
    this.folder = folder
    this.plan = plan
    this.fields = fields
    this.parts = listParts(plan, fields)
    this.store = store
    this.reader = reader
  }

  /** @param cacheBytes memory for decoded source blocks */
  static async open(folder: string, options: { cacheBytes: number }): Promise<RunContext> {
    const plan = await readPlan(folder)
    const stations = planStationSources(await readStationInputs(folder, plan))
    const reader = new RasterReader({ cacheBytes: options.cacheBytes })
    const fields = compileRunFields(plan, stations, reader)
    return new RunContext(folder, plan, fields, new PartStore(plan.store), reader)
  }

  get mapsFolder(): string {
    return join(this.folder, 'maps')
  }

  close(): void {
    this.reader.close()
  }

  /** The joined training table, kept for the next part that asks. */
  async sampleTable(key: string): Promise<SampleTable> {
    if (this.table?.key !== key)
      this.table = { key, table: decodeSamples((await this.need(key, 'training table')).payload) }
    return this.table.table
  }

  /** The trained model, kept for the next part that asks. */
  async trainedModel(key: string): Promise<Model> {
    if (this.model?.key !== key) {
      this.model = { key, model: decodeModel((await this.need(key, 'model')).payload) }
      this.table = null
    }
    return this.model.model
  }

  /** The area of applicability, kept for the next part that asks. */
  async area(key: string): Promise<AreaOfRun> {
    if (this.areaKept?.key !== key)
      this.areaKept = { key, area: decodeArea(await this.need(key, 'area of applicability')) }
    return this.areaKept.area
  }

  /** A part that has to be there already.
   *  @throws incomplete */
  async need(key: string, what: string): Promise<{ meta: unknown; payload: Uint8Array }> {
    const part = await this.store.get(key)
    if (part) return part
    throw new LoamError(
      'incomplete',
      `The ${what} of this run is not computed yet or was damaged. Run \`loam resume\` to compute it.`,
      { key },
    )
  }
}

/** Refuses to go on when a source file is not the one the run was planned with: contents changed, or gone. A file of
 *  another time but the same size is read whole, because a copy that was put back is as good.
 *  @throws input_changed, source_missing */
export async function checkInputs(datasets: readonly RasterDataset[]): Promise<void> {
  for (const dataset of datasets)
    for (const file of dataset.files) {
      const found = await stat(file.path).catch(() => null)
      if (!found)
        throw new LoamError(
          'source_missing',
          `${file.path} of dataset "${dataset.name}" is not there any more. Bring it back, or find it with \`loam relink\`; then resume.`,
          { file: file.path },
        )
      const isAsPlanned = found.size === file.bytes && Math.abs(found.mtimeMs - file.modifiedMs) <= 2
      if (!isAsPlanned && !(found.size === file.bytes && (await hashFile(file.path)) === file.sha256))
        throw new LoamError(
          'input_changed',
          `${file.path} of dataset "${dataset.name}" changed after this run was planned (it was ${file.bytes} bytes of ${new Date(file.modifiedMs).toISOString()}, it is ${found.size} bytes of ${found.mtime.toISOString()}). Restore it, or add the dataset again and start a new run.`,
          { file: file.path },
        )
    }
}
