import type { Block, Grid, GridWindow, Kind } from '../../contract/index.ts'

/** Anything that gives values window by window on a grid of its own: a band of a file, a formula of bands, a model. */
export interface BlockSource {
  readonly grid: Grid
  /** How its values average. */
  readonly kind: Kind
  /** Values of a window of `grid`; NaN exactly where the reason is not 0. `resample` only asks for windows inside the grid. */
  read(window: GridWindow, signal?: AbortSignal): Promise<Block>
}
