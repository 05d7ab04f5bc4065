import { asLoamError, decodeTile } from '../../../main/contract/index.ts'
import type { Day, LoamError, TileBody } from '../../../main/contract/index.ts'
import type { TilePlace } from './tile-grid.ts'

/** A tile of a layer on a day. */
export interface TileAddress extends TilePlace {
  /** `TiledLayer.id`. */
  readonly layer: string
  readonly day: Day | 'static'
  /** Single cells may stand for averages that are not at hand. */
  readonly isQuick?: boolean
}
export interface LoadedTile {
  /** Laid out as `TileBody` says. */
  readonly bytes: ArrayBuffer
  /** Of so many cells of the layer's grid one was read; 1: all were. */
  readonly oneOf: number
}
export type LoadTile = (address: TileAddress, stop: AbortSignal) => Promise<LoadedTile>
export interface KeptTile extends TileBody {
  readonly oneOf: number
}

export const tileKey = ({ layer, day, level, row, col, isQuick }: TileAddress) =>
  `${layer}/${day}/${level}/${row}/${col}${isQuick ? '/quick' : ''}`

/** What is there now; a new object after each change. */
export interface TileReader {
  get(address: TileAddress): KeptTile | null
  /** Why a tile could not be read; null when it was not tried or is there. */
  faultOf(address: TileAddress): LoamError | null
}

interface Loading {
  readonly address: TileAddress
  readonly stop: AbortController
}
interface Fault {
  readonly error: LoamError
  readonly at: number
}
interface TileStoreOptions {
  readonly load: LoadTile
  /** Bytes of tiles kept; the ones used longest ago leave first, never one that is wanted now. */
  readonly maxBytes?: number
  readonly parallel?: number
}

/** Milliseconds after which a failed tile is asked for again when it is still wanted. */
const retryAfter = 15_000

/** Tiles on this side of the wire: fetched in order of need, dropped when no longer wanted, kept within a number of bytes.
 *  The same bytes serve the picture, the value under the cursor and the histogram of the view. */
export class TileStore {
  private readonly load: LoadTile
  private readonly maxBytes: number
  private readonly parallel: number
  /** In order of use: the first was used longest ago. */
  private readonly kept = new Map<string, KeptTile>()
  private readonly loading = new Map<string, Loading>()
  private readonly faults = new Map<string, Fault>()
  private readonly listeners = new Set<() => void>()
  private wanted: readonly TileAddress[] = []
  private wantedKeys = new Set<string>()
  private bytes = 0
  private current: TileReader = this.readerOfNow()

  constructor({ load, maxBytes = 256e6, parallel = 8 }: TileStoreOptions) {
    this.load = load
    this.maxBytes = maxBytes
    this.parallel = parallel
  }

  /** For useSyncExternalStore: `listener` is called after each tile that arrived or failed. */
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  reader = (): TileReader => this.current

  /** The tiles needed now, the most urgent first. What is being fetched and is not among them any more is given up. */
  want(addresses: readonly TileAddress[]): void {
    this.wanted = addresses
    this.wantedKeys = new Set(addresses.map(tileKey))
    for (const [key, { stop }] of this.loading) if (!this.wantedKeys.has(key)) stop.abort()
    this.fetchNext()
  }

  private readerOfNow(): TileReader {
    return {
      get: (address) => this.get(address),
      faultOf: (address) => this.faults.get(tileKey(address))?.error ?? null,
    }
  }

  private get(address: TileAddress): KeptTile | null {
    const key = tileKey(address)
    const tile = this.kept.get(key)
    if (!tile) return null
    this.kept.delete(key)
    this.kept.set(key, tile)
    return tile
  }

  /** Asks again for everything that failed. */
  retry(): void {
    this.faults.clear()
    this.fetchNext()
  }

  private fetchNext(): void {
    for (const address of this.wanted) {
      if (this.loading.size >= this.parallel) return
      const key = tileKey(address)
      const fault = this.faults.get(key)
      if (this.kept.has(key) || this.loading.has(key) || (fault && Date.now() - fault.at < retryAfter)) continue
      void this.fetchOne(key, address)
    }
  }

  private async fetchOne(key: string, address: TileAddress): Promise<void> {
    const stop = new AbortController()
    this.loading.set(key, { address, stop })
    try {
      const { bytes, oneOf } = await this.load(address, stop.signal)
      const tile = { ...decodeTile(bytes), oneOf }
      this.kept.set(key, tile)
      this.bytes += bytesOf(tile)
      this.faults.delete(key)
      this.trim()
    } catch (thrown) {
      if (!stop.signal.aborted) this.faults.set(key, { error: asLoamError(thrown), at: Date.now() })
    } finally {
      this.loading.delete(key)
    }
    this.changed()
    this.fetchNext()
  }

  private trim(): void {
    for (const [key, tile] of this.kept) {
      if (this.bytes <= this.maxBytes) return
      if (this.wantedKeys.has(key)) continue
      this.kept.delete(key)
      this.bytes -= bytesOf(tile)
    }
  }

  private changed(): void {
    this.current = this.readerOfNow()
    for (const listener of this.listeners) listener()
  }
}

const bytesOf = ({ values, reasons }: TileBody) => values.byteLength + reasons.byteLength
