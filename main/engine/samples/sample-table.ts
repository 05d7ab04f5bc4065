/** The training table: one row per place and day where the target and every predictor have a value.
 *  Stored by columns. Row i: predictor j is `columns[j][i]`, the target `target[i]`, never NaN. */
export interface SampleTable {
  readonly predictors: string[]
  /** One Float32Array[rows] per predictor, in the order of `predictors`; units are the fields' own. */
  readonly columns: Float32Array[]
  /** Target, in its own unit (m³ m⁻³ for soil moisture). */
  readonly target: Float64Array
  /** How much each row counts in training, >= 0; absent: all alike. */
  readonly weights?: Float64Array
  /** Index into `places`. */
  readonly place: Int32Array
  /** Station ids, or coarse cells written `r12c7`. */
  readonly places: string[]
  /** Days since 1970-01-01. */
  readonly day: Int32Array
  /** Position in `crs`, the fine grid's: of the station, or of the centre of the coarse cell. NaN if unknown. */
  readonly x: Float64Array
  readonly y: Float64Array
  /** Rows that were candidates and are not here, by reason: `target:no_data`, `NDVI:masked`, `place:outside_grid`. */
  readonly excluded: Record<string, number>
  /** What a place is; absent means `station`. Folds by place hold out stations whole, cells in square blocks. */
  readonly placeKind?: 'station' | 'cell'
  /** CRS of x and y; absent for a table that came without a map, which then knows no distances in metres. */
  readonly crs?: string
  /** One number per place, row × cols + col on the fine grid: places with the same one lie in the same fine cell and so
   *  share their predictors. Absent: every place has its own. Float64 because large grids pass 2³¹ cells. */
  readonly cells?: Float64Array
}

export function rowCount(table: SampleTable): number {
  return table.target.length
}

/** A table without rows, for the parts where nothing was usable. */
export function emptyTable(
  predictors: string[],
  excluded: Record<string, number>,
  about: Pick<SampleTable, 'placeKind' | 'crs'> = {},
): SampleTable {
  return {
    predictors,
    columns: predictors.map(() => new Float32Array(0)),
    target: new Float64Array(0),
    place: new Int32Array(0),
    places: [],
    day: new Int32Array(0),
    x: new Float64Array(0),
    y: new Float64Array(0),
    excluded,
    ...about,
  }
}
