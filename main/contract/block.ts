/** Why a cell has no value. 0 means it has one; `outside_applicability` comes with one that should not be trusted. The numbers are
 *  written to the reason band of every map: never renumber. */
export const reasonCodes = {
  none: 0,
  /** The source file holds its nodata value here. */
  no_data: 1,
  /** Removed by a mask (cloud, water, quality flag). */
  masked: 2,
  /** The source does not reach this place. */
  outside_source: 3,
  /** The source has no scene on this date. */
  no_scene: 4,
  /** The nearest valid values in time are further away than the age limit. */
  too_old: 5,
  /** Less of the cell is covered by valid source cells than the valid-fraction rule asks. */
  too_few_valid: 6,
  /** A formula has no finite result here, such as a division by zero. */
  not_finite: 7,
  /** The value is outside the range its unit allows. */
  out_of_range: 8,
  too_few_neighbours: 9,
  outside_applicability: 10,
  /** A station variable has no value on this date. */
  no_observation: 11,
} as const
export type Reason = keyof typeof reasonCodes

export const reasonNames = Object.fromEntries(
  Object.entries(reasonCodes).map(([name, code]) => [code, name]),
) as Record<number, Reason>

/** Whether a cell with this reason code has a value. */
export const hasValue = (code: number): boolean =>
  code === reasonCodes.none || code === reasonCodes.outside_applicability

/** Values of one field on one window and date. Row-major, origin upper left.
 *  `values[i]` is NaN exactly where `hasValue(reasons[i])` is false; only maps of models know `outside_applicability`. */
export interface Block {
  readonly rows: number
  readonly cols: number
  readonly values: Float32Array
  readonly reasons: Uint8Array
}

/** How a quantity averages. `circular` is degrees 0–360; `decibel` averages as power; `categorical` takes the mode. */
export type Kind = 'continuous' | 'circular' | 'decibel' | 'categorical'
export const kinds = ['continuous', 'circular', 'decibel', 'categorical'] as const
