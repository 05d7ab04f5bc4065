import { readPredictorAtStations } from '../engine/drafts/index.ts'
import { RunContext, gatherPairs } from '../engine/runs/index.ts'
import type { GatheredPairs } from '../engine/runs/index.ts'
import type { ProjectService } from './server-context.ts'

interface ShelvedRun {
  readonly context: RunContext
  readonly pairs: Map<number, Promise<GatheredPairs>>
  /** By validation and predictor. */
  readonly predictors: Map<string, Promise<Float32Array>>
}

/** Runs whose validation was looked at, kept open: their pairs are a few megabytes, and every brush asks for them again. */
export class ValidationShelf {
  readonly #runs = new Map<string, ShelvedRun>()
  readonly #stop = new AbortController()

  async run(folder: string): Promise<RunContext> {
    return (await this.#shelved(folder)).context
  }

  async pairs(folder: string, index: number): Promise<GatheredPairs> {
    const { context, pairs } = await this.#shelved(folder)
    // One that failed may be whole by now.
    const found = pairs.get(index) ?? gatherPairs(context, index)
    pairs.set(index, found)
    found.catch(() => pairs.delete(index))
    return found
  }

  /** What a predictor is at each of the pairs of a station reference, NaN where it has no value. It is read to the end even when
   *  whoever asked has turned away: the next brush asks for the same.
   *  @throws what reading throws */
  async predictor(folder: string, validation: number, predictor: string): Promise<Float32Array> {
    const { predictors } = await this.#shelved(folder)
    const key = `${validation} ${predictor}`
    const found = predictors.get(key) ?? this.#read(folder, validation, predictor)
    predictors.set(key, found)
    found.catch(() => predictors.delete(key))
    return found
  }

  async #read(folder: string, validation: number, predictor: string): Promise<Float32Array> {
    const { pairs, day } = await this.pairs(folder, validation)
    const question = { folder, validation, predictor }
    const { station, day: on, value } = await readPredictorAtStations(question, { signal: this.#stop.signal })
    const known = new Map<string, number>()
    for (let i = 0; i < value.length; i++) known.set(`${station[i]} ${on[i]}`, value[i])
    return Float32Array.from(day, (each, i) => known.get(`${pairs.group[i]} ${each}`) ?? NaN)
  }

  async #shelved(folder: string): Promise<ShelvedRun> {
    const known = this.#runs.get(folder)
    if (known) return known
    const context = await RunContext.open(folder, { cacheBytes: 16e6 })
    const shelved = { context, pairs: new Map(), predictors: new Map() }
    this.#runs.set(folder, shelved)
    return shelved
  }

  close(): void {
    this.#stop.abort()
    for (const { context } of this.#runs.values()) context.close()
    this.#runs.clear()
  }
}

export const validationShelf: ProjectService<ValidationShelf> = {
  open: () => new ValidationShelf(),
  close: (shelf) => shelf.close(),
}
