import { z } from 'zod'
import { kinds } from './block.ts'
import { Period } from './day.ts'
import { issueText } from './recipe-faults.ts'

/** A field written as data. A text names a field of the recipe, a dataset (`dem`) or a variable of one (`s2.nir`);
 *  a number is a constant. Every other form is an object whose first key says what it does. */
export type FieldExpression =
  | string
  | number
  | { constant: number; unit?: string }
  | { series: string; variable?: string; kind?: (typeof kinds)[number]; minValidFraction?: number }
  | { index: IndexName; bands: Record<string, FieldExpression> }
  | { formula: string; inputs: Record<string, FieldExpression>; unit: string; kind?: (typeof kinds)[number] }
  | { mask: FieldExpression; by: FieldExpression; keep: KeepRule }
  | { fillInTime: FieldExpression; maxAgeDays: number }
  | { isFilled: FieldExpression; maxAgeDays: number }
  | { antecedent: FieldExpression; days: number; statistic: 'sum' | 'mean'; includeToday?: boolean }
  | { weather: string; variable: string; station?: string }
  | { fromStations: string; variable: string; depth?: [number, number]; power?: number; neighbours?: number }
  | KrigedStations
  | { calendar: 'dayOfYear' | 'sinDayOfYear' | 'cosDayOfYear' | 'month' | 'year' | 'dayNumber' }
  | { coordinate: 'x' | 'y' }
  | { terrain: 'slope' | 'aspect' | 'northness' | 'eastness'; elevation: FieldExpression }

/** One part of a variogram as a row of a table; what is left out takes its default. */
export interface VariogramRow {
  shape: (typeof variogramShapeNames)[number]
  /** Units of the variable squared. */
  partialSill: number
  /** CRS units, along great circles metres; none for a nugget. */
  range?: number
  /** Matérn's κ. */
  smoothness?: number
  /** Direction of the longest range, degrees clockwise from north, and shortest range over longest. */
  angle?: number
  ratio?: number
}
export const variogramShapeNames = ['nug', 'sph', 'exp', 'gau', 'mat', 'lin'] as const

/** Station values of a day kriged to any grid. */
export interface KrigedStations {
  /** Name of the station set. */
  kriged: string
  variable: string
  depth?: [number, number]
  /** `pooled` (default, also called `auto`): one variogram for all dates, of pairs within a date; `perDay`: one for each date;
   *  both with a nugget and the shape that fits best. Else the rows of a model. */
  variogram?: 'auto' | 'pooled' | 'perDay' | VariogramRow[]
  /** What the mean depends on linearly: fields by name. */
  drift?: Record<string, FieldExpression>
  /** Known mean: simple kriging. */
  mean?: number
  /** Regression kriging: what the stations differ from this field is kriged and added to it; in the unit of the stations. */
  residualsOf?: FieldExpression
  /** Nearest stations of each cell; default all, beyond 1000 stations 32. */
  neighbours?: number
  /** Stations farther from a cell are not taken: CRS units, along great circles metres. */
  maxDistance?: number
  /** Side, or sides [east–west, north–south], of the block around each cell whose mean is predicted; CRS units. */
  block?: number | [number, number]
  output?: 'prediction' | 'variance'
  /** One value a station: the mean of its days, without dates. */
  static?: boolean
  /** Dates that are used, for `static` and for a pooled variogram; default all. */
  period?: Period
  /** Projected CRS to krige in; default that of the stations, or where that is geographic that of the run's fine grid. */
  crs?: string
  /** Krige in degrees along great circles. */
  greatCircle?: boolean
}

export const indexNames = ['NDVI', 'EVI', 'LAI', 'NDWI', 'LSWI', 'NSDSI'] as const
export type IndexName = (typeof indexNames)[number]

/** Cells that stay. Bits are counted from 0; a cell stays only if every rule that is given holds. */
export const KeepRule = z
  .strictObject({
    values: z.array(z.number()).optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    bitsClear: z.array(z.int().min(0).max(31)).optional(),
    bitsSet: z.array(z.int().min(0).max(31)).optional(),
  })
  .refine((rule) => Object.keys(rule).length > 0, {
    message: 'needs at least one of values, min, max, bitsClear, bitsSet',
  })
export type KeepRule = z.infer<typeof KeepRule>

const inner = z.lazy(() => FieldExpression)
const kind = z.enum(kinds)
const depth = z.tuple([z.number(), z.number()])
const maxAgeDays = z.int().min(1).max(3660)

const variogramRow = z.strictObject({
  shape: z.enum(variogramShapeNames),
  partialSill: z.number().min(0),
  range: z.number().min(0).optional(),
  smoothness: z.number().positive().max(20).optional(),
  angle: z.number().optional(),
  ratio: z.number().positive().max(1).optional(),
})

const forms = {
  constant: z.strictObject({ constant: z.number(), unit: z.string().optional() }),
  series: z.strictObject({
    series: z.string(),
    variable: z.string().optional(),
    kind: kind.optional(),
    minValidFraction: z.number().min(0).max(1).optional(),
  }),
  index: z.strictObject({ index: z.enum(indexNames), bands: z.record(z.string(), inner) }),
  formula: z.strictObject({
    formula: z.string().min(1).max(1000),
    inputs: z.record(z.string(), inner),
    unit: z.string(),
    kind: kind.optional(),
  }),
  mask: z.strictObject({ mask: inner, by: inner, keep: KeepRule }),
  fillInTime: z.strictObject({ fillInTime: inner, maxAgeDays }),
  isFilled: z.strictObject({ isFilled: inner, maxAgeDays }),
  antecedent: z.strictObject({
    antecedent: inner,
    days: z.int().min(1).max(366),
    statistic: z.enum(['sum', 'mean']),
    includeToday: z.boolean().optional(),
  }),
  weather: z.strictObject({ weather: z.string(), variable: z.string(), station: z.string().optional() }),
  fromStations: z.strictObject({
    fromStations: z.string(),
    variable: z.string(),
    depth: depth.optional(),
    power: z.number().positive().optional(),
    neighbours: z.int().positive().optional(),
  }),
  kriged: z.strictObject({
    kriged: z.string(),
    variable: z.string(),
    depth: depth.optional(),
    variogram: z.union([z.enum(['auto', 'pooled', 'perDay']), z.array(variogramRow).min(1).max(8)]).optional(),
    drift: z.record(z.string(), inner).optional(),
    mean: z.number().optional(),
    residualsOf: inner.optional(),
    neighbours: z.int().min(1).max(1000).optional(),
    maxDistance: z.number().positive().optional(),
    block: z.union([z.number().positive(), z.tuple([z.number().positive(), z.number().positive()])]).optional(),
    output: z.enum(['prediction', 'variance']).optional(),
    static: z.boolean().optional(),
    period: Period.optional(),
    crs: z.string().min(1).optional(),
    greatCircle: z.boolean().optional(),
  }),
  calendar: z.strictObject({
    calendar: z.enum(['dayOfYear', 'sinDayOfYear', 'cosDayOfYear', 'month', 'year', 'dayNumber']),
  }),
  coordinate: z.strictObject({ coordinate: z.enum(['x', 'y']) }),
  terrain: z.strictObject({ terrain: z.enum(['slope', 'aspect', 'northness', 'eastness']), elevation: inner }),
}

/** No method nests deeper; a text that does would exhaust the stack before it could be refused. */
const deepest = 50
/** Levels open at this moment: parsing is synchronous, so one counter serves. */
let level = 0

/** Picks the one form whose first key is present, so that an error points at that form and not at all of them. */
export const FieldExpression: z.ZodType<FieldExpression> = z.unknown().transform((value, context): FieldExpression => {
  if (typeof value === 'string' && value.length > 0) return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  const refuse = (message: string): never => {
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
  const names = Object.keys(forms) as (keyof typeof forms)[]
  const found = value !== null && typeof value === 'object' ? names.filter((name) => Object.hasOwn(value, name)) : []
  if (found.length !== 1) {
    const wanted = `needs a name, a number or an object with exactly one of: ${names.join(', ')}`
    return refuse(found.length ? `${wanted}; found ${found.join(' and ')}` : wanted)
  }
  if (level >= deepest) return refuse(`is nested more than ${deepest} levels deep; name parts of it under \`fields\``)
  level++
  try {
    const result = forms[found[0]].safeParse(value, { error: issueText })
    if (result.success) return result.data as FieldExpression
    for (const issue of result.error.issues) context.addIssue({ ...issue, code: 'custom', message: issue.message })
    return z.NEVER
  } finally {
    level--
  }
}) as unknown as z.ZodType<FieldExpression>
