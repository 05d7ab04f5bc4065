import { z } from 'zod'
import { Period, dayNumber } from './day.ts'
import { FieldExpression } from './field-expression.ts'
import { LoamError } from './errors.ts'
import { LearnerSettings } from './learner-settings.ts'
import { faultLines, faultsOf, issueText } from './recipe-faults.ts'

const name = z.string().regex(/^(?!__proto__$)[A-Za-z_][A-Za-z0-9_]*$/, {
  message: 'needs a name of letters, digits and _, not starting with a digit',
})

/** Which cells to compute on: those of a dataset, a coarser multiple of them, or a grid typed out. */
export const GridSpec = z.union([
  z.strictObject({ like: z.string(), factor: z.int().min(1).optional() }),
  z.strictObject({
    crs: z.string(),
    cellSize: z.number().positive(),
    /** [west, south, east, north] in CRS units; enlarged to whole cells. */
    extent: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  }),
])
export type GridSpec = z.infer<typeof GridSpec>

const depth = z.tuple([z.number().nonnegative(), z.number().nonnegative()])

export const StationTarget = z.strictObject({
  stations: z.string(),
  variable: z.string(),
  /** Depth interval in metres; must be one the station set has. */
  depth: depth.optional(),
})
export const RasterTarget = z.strictObject({
  raster: FieldExpression,
  /** Coarse grid of the training rows; default the raster's own. */
  grid: GridSpec.optional(),
  /** Depth interval the product stands for, metres. */
  depth: depth.optional(),
})
export type StationTarget = z.infer<typeof StationTarget>
export type RasterTarget = z.infer<typeof RasterTarget>

/** What is sealed: rows and pairs of these places on all days, and of this period in all places. No fold, tuning, preview or score
 *  uses it until it is opened. */
export const TestPart = z
  .strictObject({
    /** Ids of stations, of the target and of the references. */
    stations: z.array(z.string().min(1)).min(1).optional(),
    /** [west, south, east, north] in the CRS of the fine grid. */
    extent: z
      .tuple([z.number(), z.number(), z.number(), z.number()])
      .refine(([west, south, east, north]) => west < east && south < north, {
        message: 'needs west, south, east, north',
      })
      .optional(),
    /** Both included. */
    period: Period.optional(),
  })
  .refine(({ stations, extent, period }) => stations || extent || period, {
    message: 'needs stations, an extent or a period to seal',
  })
export type TestPart = z.infer<typeof TestPart>

export const Split = z
  .strictObject({
    /** What a fold holds out together. `place` with stations is leave-location-out groups; with a raster target, spatial blocks. */
    by: z.enum(['place', 'time', 'place_and_time', 'random']).default('place'),
    folds: z.int().min(2).max(100).default(5),
    /** One fold per station; only with a station target and `by: place`. */
    leaveOneOut: z.boolean().default(false),
    /** Side of a spatial block, metres; default a tenth of the longer side of the area. */
    blockSize: z.number().positive().optional(),
    timeBlock: z.enum(['month', 'year', 'week']).default('month'),
    /** Held out of everything until it is opened, once, with a reason. */
    test: TestPart.optional(),
  })
  .prefault({})
export type Split = z.infer<typeof Split>

export const ValidationSpec = z.union([
  z.strictObject({
    name,
    stations: z.string(),
    variable: z.string(),
    depth: depth.optional(),
    /** False when the reference is itself modelled: words turn to "consistency". */
    measured: z.boolean().default(true),
  }),
  z.strictObject({
    name,
    raster: FieldExpression,
    measured: z.boolean().default(false),
    /** Cells compared, drawn with the run's seed; all of them when fewer. */
    maxCells: z.int().positive().default(200_000),
  }),
])
export type ValidationSpec = z.infer<typeof ValidationSpec>

/** What happens to a day whose map, corrected by area-to-point kriging, does not average to the coarse values: it is not published
 *  (`stop`, but where `clamp` cut values it was asked for: `strict` stops there too), or published with a warning. Coarse values are
 *  given back to 1e-6, or to half a step of the file's numbers. */
export const ClosureGate = z.enum(['stop', 'strict', 'warn'])
export type ClosureGate = z.infer<typeof ClosureGate>

/** The daily maps are corrected so that they agree with the coarse product (`baseline`, else a raster target). */
export const ResidualSpec = z.strictObject({
  /** How the residual of each coarse cell (coarse value − area mean of the fine map) reaches the fine cells: area-to-point kriging,
   *  which alone gives the coarse values back; kriging of the cell centres; bilinear. */
  method: z.enum(['atp', 'krige', 'bilinear']),
  /** Coarse cells that each is kriged from. */
  neighbours: z.int().min(1).max(200).default(25),
  /** `auto` fits it to the residuals of each day; else a model such as `sph(0.002,60000)`, of points for `atp`, of coarse cells
   *  for `krige`. */
  variogram: z.string().min(1).default('auto'),
  /** Maps are cut to [low, high]; they then no longer average to the coarse values where they were cut. */
  clamp: z
    .tuple([z.number(), z.number()])
    .refine(([low, high]) => low < high, { message: 'needs the lower value first' })
    .optional(),
  /** Changes no number, only whether a day is published. Plans of before it was there have none and only warn, as they did. */
  gate: ClosureGate.default('stop'),
  /** A small raster beside each map: its area mean − coarse value, on the coarse grid. */
  closureMap: z.boolean().default(false),
})
export type ResidualSpec = z.infer<typeof ResidualSpec>

/** A century: longer than any record of soil moisture, and far longer is a slip of the pen. */
const mostDays = 36_525

/** Dates of the maps, both included. */
export const ProductPeriod = Period.refine(({ from, to }) => dayNumber(to) - dayNumber(from) < mostDays, {
  message: `spans more than ${mostDays} days; map a part of it at a time`,
})

/** Under this name the scores of the folds are kept. */
const crossValidation = 'crossValidation'

/** Everything that decides a run's result, as one JSON file. */
export const Recipe = z
  .strictObject({
    loam: z.literal('recipe/1'),
    name: z.string().min(1),
    description: z.string().default(''),
    seed: z.int().nonnegative().default(1),
    /** The fine grid of the maps. */
    grid: GridSpec,
    /** Named fields for use below. */
    fields: z.record(name, FieldExpression).default({}),
    target: z.union([StationTarget, RasterTarget]),
    /** Predictor name → field. The order is the model's. */
    predictors: z
      .record(name, FieldExpression)
      .refine((p) => Object.keys(p).length > 0, { message: 'needs at least one predictor' }),
    /** A coarse cell or warped cell needs this share of valid source area to have a value. */
    minValidFraction: z.number().min(0).max(1).default(0.5),
    training: z
      .strictObject({
        /** Default: every date the target has. */
        period: Period.optional(),
        /** Rows kept, drawn with the seed, when there are more. */
        maxRows: z.int().positive().default(2_000_000),
        /** How much each row counts, at least 0: a field, read where the predictors are. Rows where it has no value or is negative are
         *  left out. Only a forest takes weights. */
        weight: FieldExpression.optional(),
      })
      .prefault({}),
    split: Split,
    learner: LearnerSettings,
    product: z.strictObject({
      period: ProductPeriod,
      quantity: z.string().default('soil moisture'),
      unit: z.string().default('m3 m-3'),
      /** int16 stores value × 10 000, rounded. */
      encoding: z.enum(['float32', 'int16']).default('float32'),
      /** Quantiles of the target, each published as a map of its own beside that of the mean, and its standard deviation; only
       *  with a forest. [0.05, 0.95] is the 90 % interval. */
      intervals: z.array(z.number().min(0.001).max(0.999)).min(1).max(9).optional(),
      /** Say of every cell how unlike the training data it is: a map of the dissimilarity index beside each map, and in the map
       *  the reason `outside_applicability` (the value stays) where the index is above its threshold. Off by default, so that a
       *  recipe keeps the bytes it had; recipes begun in the window have it on. */
      applicability: z.boolean().default(false),
      /** Correction to the coarse product; without it the maps are the model's own. */
      residual: ResidualSpec.optional(),
    }),
    /** The coarse product the fine map has to beat; default the target when it is a raster. */
    baseline: FieldExpression.optional(),
    validation: z.array(ValidationSpec).default([]),
  })
  .superRefine(({ learner, predictors, product, validation, target, baseline, split, training }, context) => {
    if (training.weight !== undefined && learner.type !== 'forest')
      context.addIssue({
        code: 'custom',
        path: ['training', 'weight'],
        message: `needs a learner of type "forest"; a ${learner.type} takes no weights`,
      })
    if (product.residual && 'stations' in target && baseline === undefined)
      context.addIssue({
        code: 'custom',
        path: ['product', 'residual'],
        message: 'needs a coarse product to correct to; name it in `baseline`, as the target is stations',
      })
    if (product.intervals && learner.type !== 'forest')
      context.addIssue({
        code: 'custom',
        path: ['product', 'intervals'],
        message: `needs a learner of type "forest"; a ${learner.type} knows no intervals`,
      })
    if (new Set(product.intervals).size < (product.intervals ?? []).length)
      context.addIssue({ code: 'custom', path: ['product', 'intervals'], message: 'names a quantile twice' })
    const count = Object.keys(predictors).length
    if (learner.type === 'forest' && (learner.predictorsPerSplit ?? 1) > count)
      context.addIssue({
        code: 'custom',
        path: ['learner', 'predictorsPerSplit'],
        message: `is ${learner.predictorsPerSplit}, but there are only ${count} predictors`,
      })
    if ('tuning' in learner && learner.tuning && split.folds < 3 && !split.leaveOneOut)
      context.addIssue({
        code: 'custom',
        path: ['split', 'folds'],
        message: `is ${split.folds}; with learner.tuning each fold of a score seeks its settings on rows held out of the others, which takes 3 folds or more`,
      })
    if (learner.type === 'forest')
      for (const [i, tried] of (learner.tuning?.predictorsPerSplit ?? []).entries())
        if (tried > count)
          context.addIssue({
            code: 'custom',
            path: ['learner', 'tuning', 'predictorsPerSplit', i],
            message: `is ${tried}, but there are only ${count} predictors`,
          })
    if (learner.type === 'svr' && learner.byClass !== undefined && (count < 2 || !(learner.byClass in predictors)))
      context.addIssue({
        code: 'custom',
        path: ['learner', 'byClass'],
        message: `needs the name of a predictor, and others beside it, not "${learner.byClass}"`,
      })
    for (const [i, { name: own }] of validation.entries())
      if (own === crossValidation || validation.findIndex((other) => other.name === own) !== i)
        context.addIssue({
          code: 'custom',
          path: ['validation', i, 'name'],
          message: `"${own}" is the name of another table of scores; give it one of its own`,
        })
  })
export type Recipe = z.infer<typeof Recipe>

/** The learner as it is run: with intervals where the product wants them. */
export function learnerOf({ learner, product }: Pick<Recipe, 'learner' | 'product'>): LearnerSettings {
  return product.intervals && learner.type === 'forest' ? { ...learner, intervals: true } : learner
}

/** Reads a recipe from its JSON text.
 *  @throws bad_recipe with every fault and its path in the file: `predictors.evi.bands.red: …` */
export function parseRecipe(text: string, file: string): Recipe {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (fault) {
    throw new LoamError(
      'bad_recipe',
      `${file} is not JSON: ${(fault as Error).message}. Mend the text at that place.`,
      { file },
    )
  }
  const result = Recipe.safeParse(json, { error: issueText })
  if (result.success) return result.data
  const faults = faultsOf(result.error)
  throw new LoamError(
    'bad_recipe',
    `${file} is not a recipe Loam can run. Mend ${faults.length === 1 ? 'this place' : 'these places'}:\n${faultLines(faults)}`,
    { file, faults },
  )
}
