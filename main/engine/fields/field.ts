import type { Block, Day, Grid, GridWindow, Kind } from '../../contract/index.ts'

export interface ReadOptions {
  /** Stops the reading; the promise is refused with `cancelled`. */
  readonly signal?: AbortSignal
}

/** A value everywhere in space and, if it has times, on each date. Read lazily, window by window, on any grid.
 *  A field is a pure function of its inputs: equal `id` means equal numbers. */
export interface Field {
  /** SHA-256 (hex) of the expression with the content hashes of all its source files in it. */
  readonly id: string
  readonly name: string
  readonly unit: string
  readonly kind: Kind
  /** Dates with a value of their own, sorted; `static` for a field without time; `any` for one defined on every date. */
  readonly times: readonly Day[] | 'static' | 'any'
  /** Grid the field is computed on before it is brought to another; null when it has none (constant, weather). */
  readonly nativeGrid: Grid | null
  /** How it was made, as a sentence for the methods section. */
  readonly lineage: string
  /** Values on every cell of the window on that date; NaN with a reason where there is none. */
  read(window: GridWindow, day: Day, options?: ReadOptions): Promise<Block>
}
