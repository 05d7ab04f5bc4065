import { z } from 'zod'
import type { Kind } from '../block.ts'
import { ChartFilter } from '../chart-filter.ts'
import type { FilterPart } from '../chart-filter.ts'
import type { Day } from '../day.ts'
import { endpoint, json } from '../endpoint.ts'
import type { Grid } from '../grid.ts'
import type { Measure } from '../score.ts'
import type { Task } from '../server-event.ts'
import type { Recipe } from '../recipe.ts'
import type { CardId } from '../recipe-form.ts'

/** A recipe in the making: any part may be missing or wrong. */
export const Draft = z.record(z.string(), z.json())
export type Draft = z.infer<typeof Draft>

/** One remark on a draft. `missing`: not said yet; `error`: cannot run; `warning`: runs, but the map or its score means less
 *  than it seems; `note`: worth knowing. */
export interface DraftRemark {
  readonly path: string
  readonly card: CardId
  readonly severity: 'missing' | 'error' | 'warning' | 'note'
  /** What was found and what it does to the map. */
  readonly message: string
  /** What to do; empty when the message says it. */
  readonly remedy: string
}

export interface DraftCard {
  readonly id: CardId
  readonly state: 'good' | 'warning' | 'error' | 'missing'
  /** The card in one readable sentence. */
  readonly sentence: string
}

export interface DraftCheck {
  /** With its defaults; null while it cannot run. */
  readonly recipe: Recipe | null
  readonly remarks: readonly DraftRemark[]
  readonly cards: readonly DraftCard[]
  /** The methods paragraph, of what is known so far. */
  readonly methods: string
  readonly fineGrid: Grid | null
  readonly trainingGrid: Grid | null
  readonly trainingDays: readonly Day[]
  readonly predictors: readonly {
    readonly name: string
    readonly unit: string
    readonly kind: Kind
    readonly times: 'static' | 'any' | number
    readonly cellSize: number | null
    readonly crs: string | null
    readonly lineage: string
  }[]
}

/** What the project has that a recipe may name. */
export interface RecipeSources {
  readonly rasters: readonly {
    readonly dataset: string
    readonly variable: string
    /** As it stands in a recipe: `dem`, `s2.nir`. */
    readonly expression: string
    readonly unit: string
    readonly kind: Kind
    readonly description: string
    readonly cellSize: number
    readonly crs: string
    readonly rows: number
    readonly cols: number
    readonly firstDay: Day | null
    readonly lastDay: Day | null
    /** 0 for a static raster. */
    readonly days: number
  }[]
  readonly stations: readonly {
    readonly set: string
    readonly stations: number
    readonly hasPlaces: boolean
    readonly variables: readonly {
      readonly name: string
      readonly unit: string
      readonly depth: readonly [number, number] | null
    }[]
  }[]
}

export interface ShippedRecipe {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly recipe: Draft
  /** What it shows, in one line: the first sentence of its description. */
  readonly line: string
  /** One of the five published studies, see docs/studies.md. */
  readonly isStudy: boolean
  /** Datasets and station sets it names that the project does not have; all of them while no project is open. */
  readonly lacks: readonly string[]
}

/** How the rows are parted, from the target alone: rows that lack a predictor are taken out only by a run. */
export interface DraftFolds {
  readonly description: string
  readonly rows: number
  readonly days: readonly Day[]
  /** Days of the training period that were not looked at, because there are many. */
  readonly daysLeft: number
  readonly folds: readonly {
    readonly fold: number
    readonly test: number
    readonly train: number
    readonly places: number
    readonly days: number
  }[]
  /** Where rows are tested, in the CRS asked for. `side`: of the square block or cell in CRS units, 0 for a station; `fold` −1:
   *  in several, as when periods are held out. */
  readonly places: readonly {
    readonly name: string
    readonly x: number
    readonly y: number
    readonly side: number
    readonly fold: number
    readonly rows: number
  }[]
  readonly crs: string
  /** For each of `days`, the fold that tests most of its rows; −1: none or several. */
  readonly foldOfDay: readonly number[]
  /** What test and training rows share, in sentences, and whether it makes scores mean less. */
  readonly leakage: readonly { readonly text: string; readonly isBad: boolean }[]
  /** What the test part holds back from all folds, on the dates that were looked at; null without one. */
  readonly sealed: SealedRows | null
}

export interface SealedRows {
  readonly rows: number
  /** Sealed and open rows together. */
  readonly of: number
  /** Places all of whose rows are sealed, and all places. */
  readonly places: number
  readonly placesOf: number
  /** Dates all of whose rows are sealed, ascending. */
  readonly days: readonly Day[]
  /** Corners of the sealed area in the CRS asked for, counter-clockwise from the south-west; null where no area is sealed. */
  readonly corners: readonly (readonly [number, number])[] | null
}

/** How much better a score looks when rows are held out at random than when places or periods are new. */
export interface OptimismGap {
  readonly rows: number
  readonly days: number
  readonly trees: number
  readonly splits: readonly {
    readonly by: 'random' | 'time' | 'place'
    readonly title: string
    /** Null when there are too few places or periods. */
    readonly pearsonR: Measure | null
    readonly rmse: Measure | null
    readonly n: number
    readonly groups: number
    readonly why: string
  }[]
}

/** Of a bounded sample of the training rows. */
export interface SampleColumns {
  readonly names: readonly string[]
  readonly units: readonly string[]
  /** Rows that pass the filter. */
  readonly rows: number
  /** Rows of the sample before the filter. */
  readonly rowsRead: number
  /** Rows the recipe has at most: places × dates with a target. */
  readonly rowsOf: number
  readonly days: number
  readonly histograms: readonly {
    readonly low: number
    readonly high: number
    readonly counts: readonly number[]
    /** The same bins before the filter. */
    readonly all: readonly number[]
  }[]
}

export interface CorrelationMatrix extends SampleColumns {
  /** names × names, row-major; the target is the last name. Null without variation. */
  readonly r: readonly (number | null)[]
  readonly p: readonly (number | null)[]
  /** Rows that count after neighbours in time at one place are taken together; p is from it. */
  readonly effectiveN: readonly (number | null)[]
}

/** Where the rows that pass the filter are. */
export interface SamplePlaces {
  readonly ignored: readonly FilterPart[]
  readonly places: readonly { readonly id: string; readonly x: number; readonly y: number; readonly rows: number }[]
}

/** The biplot of a sample's standardised predictors. */
export interface PrincipalComponents {
  /** Correlation of each predictor with the first and the second component. */
  readonly predictors: readonly { readonly name: string; readonly x: number; readonly y: number }[]
  /** Predictors that do not vary and so are left out. */
  readonly left: readonly string[]
  /** Share of the variance of each component, descending. */
  readonly shares: readonly number[]
  readonly n: number
  /** Rows before the filter; the axes are theirs. */
  readonly of: number
  /** Rows that count, for the predictor with the longest memory. */
  readonly effectiveN: number
  /** At most 5 000, evenly taken; x and y have variance 1 over all rows. */
  readonly points: readonly {
    readonly x: number
    readonly y: number
    readonly target: number
    readonly day: Day
    readonly place: string
  }[]
  /** Largest distance of any row from 0, in either direction. */
  readonly reach: readonly [number, number]
}

export interface SampleScatter {
  readonly x: { readonly name: string; readonly unit: string; readonly low: number; readonly high: number }
  readonly y: { readonly name: string; readonly unit: string; readonly low: number; readonly high: number }
  readonly n: number
  /** Rows before the filter. */
  readonly of: number
  readonly size: number
  /** size × size, row-major; row is the bin of y from below. */
  readonly counts: readonly number[]
  /** The same bins before the filter. */
  readonly all: readonly number[]
  /** The rows that pass when there are at most 5 000. */
  readonly points:
    | readonly { readonly x: number; readonly y: number; readonly day: Day; readonly place: string }[]
    | null
}

const reading = [
  'no_project',
  'bad_recipe',
  'unknown_name',
  'no_dates',
  'too_few_rows',
  'unit_mismatch',
  'unsupported_grid',
  'source_missing',
  'input_changed',
  'bad_raster',
  'native_crash',
] as const

const sampled = {
  recipe: Draft,
  /** Most rows looked at. */
  rows: z.int().min(50).max(20_000).default(4000),
}

/** Columns of the filter's ranges: the predictors, `target`, `PC1` and `PC2`. */
const brushed = { ...sampled, filter: ChartFilter.prefault({}) }

export const recipeEndpoints = {
  recipeSources: endpoint('GET /recipe/sources', { reply: json<RecipeSources>(), errors: ['no_project'] }),
  /** Says of a draft what is missing, wrong or doubtful, and puts it in words. Reads no raster. */
  checkRecipe: endpoint('POST /recipe/check', {
    body: z.strictObject({ recipe: Draft }),
    reply: json<DraftCheck>(),
    errors: ['no_project'],
  }),
  shippedRecipes: endpoint('GET /recipes', { reply: json<ShippedRecipe[]>(), errors: [] }),
  /** A recipe's file as a draft; it need not be one that runs. */
  importRecipe: endpoint('POST /recipe/import', {
    body: z.strictObject({ path: z.string().min(1) }),
    reply: json<{ readonly recipe: Draft; readonly check: DraftCheck }>(),
    errors: ['no_project', 'not_found', 'bad_recipe', 'io_failed'],
  }),
  /** Writes a draft as a JSON file; one that is there is replaced. */
  exportRecipe: endpoint('POST /recipe/export', {
    body: z.strictObject({ path: z.string().min(1), recipe: Draft }),
    reply: json<{ readonly path: string; readonly bytes: number }>(),
    errors: ['no_project', 'not_found', 'not_allowed', 'io_failed', 'disk_full'],
  }),
  recipeFolds: endpoint('POST /recipe/folds', {
    body: z.strictObject({
      recipe: Draft,
      /** Of the places; default that of the fine grid. */ crs: z.string().optional(),
    }),
    reply: json<DraftFolds>(),
    errors: [...reading],
  }),
  /** A task, because models are trained: its result is an OptimismGap. */
  optimismGap: endpoint('POST /recipe/optimism', {
    body: z.strictObject(sampled),
    reply: json<Task>(),
    errors: ['no_project', 'bad_recipe'],
  }),
  sampleCorrelation: endpoint('POST /samples/correlation', {
    body: z.strictObject(brushed),
    reply: json<CorrelationMatrix>(),
    errors: [...reading],
  }),
  /** Two columns of the sample, `target` or a predictor. */
  sampleScatter: endpoint('POST /samples/scatter', {
    body: z.strictObject({ ...brushed, x: z.string(), y: z.string(), bins: z.int().min(8).max(200).default(60) }),
    reply: json<SampleScatter>(),
    errors: [...reading],
  }),
  sampleComponents: endpoint('POST /samples/components', {
    body: z.strictObject(brushed),
    reply: json<PrincipalComponents>(),
    errors: [...reading],
  }),
  samplePlaces: endpoint('POST /samples/places', {
    body: z.strictObject({
      ...brushed,
      /** Of the places; default that of the fine grid. */ crs: z.string().optional(),
    }),
    reply: json<SamplePlaces>(),
    errors: [...reading],
  }),
}
