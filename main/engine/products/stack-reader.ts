import { reasonCodes } from '../../contract/index.ts'
import type { Block } from '../../contract/index.ts'
import { haveSameCells, openStoredChunks, RasterReader } from '../raster/index.ts'
import type { BandSource, MapWindow, StoredCells, StoredChunks } from '../raster/index.ts'

/** A raster and the band of each predictor in it. */
export interface StackToRead {
  readonly rasterPath: string
  readonly sources: readonly BandSource[]
}

/** A predictor in a window. */
export interface PredictorBlock extends Block {
  /** Whether any cell is without a value. */
  readonly hasGaps: boolean
}

/** What is kept of a predictor of the stack before. */
interface Before {
  readonly block: PredictorBlock
  readonly rule: string
  readonly stored: StoredCells | null
}

/** Reads windows of stacks on one grid. Of a predictor whose stored bytes are those of the stack before (soil, slow vegetation)
 *  the very arrays of that one are given again: it was read and unpacked once, and whoever computes with it sees that it is the same. */
export class StackReader {
  readonly #stacks: readonly StackToRead[]
  readonly #signal: AbortSignal | undefined
  // Two readers, because one open file is read by one thread at a time. They keep nothing: each cell is read once.
  readonly #readers = [new RasterReader({ cacheBytes: 0 }), new RasterReader({ cacheBytes: 0 })]
  readonly #chunks: (StoredChunks | null)[] = []

  static async open(stacks: readonly StackToRead[], signal?: AbortSignal): Promise<StackReader> {
    const reader = new StackReader(stacks, signal)
    try {
      if (stacks.length > 1)
        for (const { rasterPath } of stacks) reader.#chunks.push(await openStoredChunks(rasterPath))
    } catch (thrown) {
      await reader.close()
      throw thrown
    }
    return reader
  }

  private constructor(stacks: readonly StackToRead[], signal: AbortSignal | undefined) {
    this.#stacks = stacks
    this.#signal = signal
  }

  async close(): Promise<void> {
    for (const reader of this.#readers) reader.close()
    for (const chunks of this.#chunks) await chunks?.file.close()
  }

  /** @returns for each stack a block per predictor */
  async read(window: MapWindow): Promise<PredictorBlock[][]> {
    const blocks: PredictorBlock[][] = []
    let before: Before[] = []
    for (const [i, { sources }] of this.#stacks.entries()) {
      before = await Promise.all(sources.map((source, p) => this.#readAfter(before[p], source, i, p, window)))
      blocks.push(before.map(({ block }) => block))
    }
    return blocks
  }

  async #readAfter(
    before: Before | undefined,
    source: BandSource,
    stack: number,
    p: number,
    window: MapWindow,
  ): Promise<Before> {
    const chunks = this.#chunks[stack]
    const stored = chunks ? { chunks, band: source.band, window } : null
    const rule = ruleOf(source)
    if (stored && before?.stored && rule === before.rule && (await haveSameCells(stored, before.stored)))
      return { block: before.block, rule, stored }
    const block = await this.#readers[p % this.#readers.length].read(source, window, this.#signal)
    return { block: { ...block, hasGaps: hasReasons(block) }, rule, stored }
  }
}

/** A plain loop: `some` calls a function for each cell, and took longer than reading them. */
function hasReasons({ reasons }: Block): boolean {
  for (let i = 0; i < reasons.length; i++) if (reasons[i] !== reasonCodes.none) return true
  return false
}

/** How stored numbers become values. */
function ruleOf({ subdataset, scale, offset, nodata, validRange }: BandSource): string {
  return [subdataset, scale, offset, nodata, validRange].join('|')
}
