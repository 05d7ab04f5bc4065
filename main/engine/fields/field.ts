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
  /** Like `id`, but over only those inputs that decide the values on `day` (the scenes of that date, of the days before
   *  for an antecedent mean, of the days within the age limit for a fill). Two datasets that differ elsewhere in time
   *  give the same `idOn(day)`, so a re-run after a day was added computes only that day. */
  idOn(day: Day): string
  readonly unit: string
  readonly kind: Kind
  /** Dates with a value of their own, sorted; `static` for a field without time; `any` for one defined on every date. */
  readonly times: readonly Day[] | 'static' | 'any'
  /** Grid the field is computed on before it is brought to another; null when it has none (constant, weather). */
  readonly nativeGrid: Grid | null
  /** The dataset's variable, for a field that is plainly one as it is stored. */
  readonly origin?: { readonly dataset: string; readonly variable: string }
  /** How it was made, as a sentence for the methods section. */
  readonly lineage: string
  /** Values on every cell of the window on that date; NaN with a reason where there is none. */
  read(window: GridWindow, day: Day, options?: ReadOptions): Promise<Block>
}
