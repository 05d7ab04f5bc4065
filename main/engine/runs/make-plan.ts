import { LoamError, daysOf } from '../../contract/index.ts'
import type { Day, Grid, GridSpec, Period, RasterDataset, Recipe, Split } from '../../contract/index.ts'
import type { StationSource } from '../fields/index.ts'
import { hashJson } from '../files/index.ts'
import { RasterReader, coarsenGrid, gridFromExtent, isGeographic, normaliseCrs } from '../raster/index.ts'
import type { DailyTable } from '../stations/index.ts'
import { hashStationInput } from './plan.ts'
import type { Plan, StationInput } from './plan.ts'
import { compileRunFields } from './run-fields.ts'

/** What the project has that a recipe may name. */
export interface PlanSources {
  readonly datasets: ReadonlyMap<string, RasterDataset>
  readonly stations: ReadonlyMap<string, StationSource>
}

const tileSize = 1024
const maxRandomFolds = 10

/** Fixes everything a recipe's run computes from.
 *  @returns the plan, dataset paths absolute, and the station inputs its `stationInputs` name
 *  @throws LoamError for a recipe the project's data cannot meet */
export function makePlan(
  recipe: Recipe,
  sources: PlanSources,
  places: { readonly project: string; readonly store: string; readonly versions: Readonly<Record<string, string>> },
): { plan: Omit<Plan, 'id'>; inputs: StationInput[] } {
  const datasets = usedDatasets(recipe, sources.datasets)
  const recorded = recordStations(sources.stations)
  const fineGrid = resolveGrid(recipe.grid, sources.datasets, 'grid')
  const reader = new RasterReader({ cacheBytes: 0 })
  // All datasets, so that a mistyped name is answered with those there are.
  const known = [...sources.datasets.values()]
  const trial = compileRunFields({ recipe, fineGrid, trainingGrid: null, datasets: known }, recorded.sources, reader)
  reader.close()

  let trainingGrid: Grid | null = null
  let available: readonly Day[]
  if (trial.target) {
    const spec = 'raster' in recipe.target ? recipe.target.grid : undefined
    trainingGrid = spec ? resolveGrid(spec, sources.datasets, 'target.grid') : trial.target.nativeGrid
    if (!trainingGrid)
      throw new LoamError(
        'bad_recipe',
        'The target has no grid of its own. Name the grid of the training rows in `target.grid`.',
      )
    if (typeof trial.target.times === 'string')
      throw new LoamError(
        'no_dates',
        `The target is ${trial.target.times === 'static' ? 'a static raster' : 'defined without scenes'}; daily maps need a target with dates. Choose a dataset with dates.`,
      )
    available = trial.target.times
  } else available = trial.targetTable!.days

  const trainingDays = within(available, recipe.training.period)
  if (trainingDays.length === 0)
    throw new LoamError(
      'no_dates',
      `The target has values from ${available[0] ?? 'no date'} to ${available.at(-1) ?? 'no date'}; none lies in the training period ${recipe.training.period?.from} to ${recipe.training.period?.to}. Widen \`training.period\`.`,
    )

  const splits = scoredSplits(recipe.split)
  const stationCount = trial.targetTable?.stations.length ?? 0
  const plan: Omit<Plan, 'id'> = {
    format: 'loam-plan/1',
    versions: places.versions,
    project: places.project,
    store: places.store,
    recipe,
    recipeHash: hashJson(recipe),
    fineGrid,
    trainingGrid,
    trainingDays,
    productDays: daysOf(recipe.product.period),
    splits,
    foldCounts: splits.map((split) => (split.leaveOneOut ? stationCount : split.folds)),
    tileSize,
    datasets,
    stationInputs: recorded.inputs().map((input) => ({ name: input.set.name, hash: hashStationInput(input) })),
  }
  checkSplit(recipe, trainingGrid)
  checkTestPart(
    recipe,
    recorded.inputs().flatMap(({ set }) => set.stations.map(({ id }) => id)),
  )
  return { plan, inputs: recorded.inputs() }
}

/** The recipe's split, and beside it the one it should be compared with: random rows, or places when it is random. */
function scoredSplits(split: Split): Split[] {
  const other: Split = {
    by: split.by === 'random' ? 'place' : 'random',
    folds: Math.min(split.folds, maxRandomFolds),
    leaveOneOut: false,
    timeBlock: split.timeBlock,
    ...(split.blockSize === undefined ? {} : { blockSize: split.blockSize }),
  }
  return [split, other]
}

function checkSplit(recipe: Recipe, trainingGrid: Grid | null): void {
  if (recipe.split.leaveOneOut && (trainingGrid || recipe.split.by !== 'place'))
    throw new LoamError(
      'bad_recipe',
      '`split.leaveOneOut` needs a station target and `split.by: "place"`. Remove it, or give a number of `folds`.',
    )
}

/** A name that no station has would seal nothing, and nobody would know. */
function checkTestPart({ split }: Recipe, known: readonly string[]): void {
  const unknown = (split.test?.stations ?? []).filter((id) => !known.includes(id))
  if (unknown.length > 0)
    throw new LoamError(
      'bad_recipe',
      `\`split.test.stations\` names ${unknown.join(', ')}; the target and the references have: ${[...new Set(known)].slice(0, 20).join(', ') || 'no stations'}. Mend the names.`,
      { path: 'split.test.stations' },
    )
}

function within(days: readonly Day[], period: Period | undefined): Day[] {
  return days.filter((day) => !period || (day >= period.from && day <= period.to))
}

/** The datasets the recipe's expressions name, in the order of their names. */
function usedDatasets(recipe: Recipe, datasets: ReadonlyMap<string, RasterDataset>): RasterDataset[] {
  const text = JSON.stringify([
    recipe.fields,
    recipe.target,
    recipe.predictors,
    recipe.baseline ?? null,
    recipe.training.weight ?? null,
    recipe.validation,
  ])
  const words = new Set(text.match(/"(?:[^"\\]|\\.)*"/g)?.map((quoted) => (JSON.parse(quoted) as string).split('.')[0]))
  return [...datasets.values()]
    .filter((dataset) => words.has(dataset.name) || words.has(dataset.name.split('.')[0]))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The cells a grid spec stands for.
 *  @throws unknown_name, unsupported_grid */
export function resolveGrid(spec: GridSpec, datasets: ReadonlyMap<string, RasterDataset>, path: string): Grid {
  if ('like' in spec) {
    const dataset = datasets.get(spec.like)
    if (!dataset)
      throw new LoamError(
        'unknown_name',
        `\`${path}.like\` names dataset "${spec.like}"; the project has: ${[...datasets.keys()].join(', ') || 'none'}. Add it, or mend the name.`,
        { path },
      )
    return spec.factor ? coarsenGrid(dataset.grid, spec.factor) : dataset.grid
  }
  const crs = normaliseCrs(spec.crs)
  if (isGeographic(crs) && spec.cellSize > 5)
    throw new LoamError(
      'unsupported_grid',
      `\`${path}\` asks for cells of ${spec.cellSize} in ${spec.crs}, whose unit is the degree. Give the cell size in degrees, or a projected CRS.`,
      { path },
    )
  return gridFromExtent(crs, spec.cellSize, spec.extent)
}

/** Station sources that remember which daily tables were asked for: those, and no others, go into the plan. */
export function recordStations(stations: ReadonlyMap<string, StationSource>): {
  sources: Map<string, StationSource>
  inputs: () => StationInput[]
} {
  const asked = new Map<string, { source: StationSource; tables: Map<string, DailyTable> }>()
  const sources = new Map<string, StationSource>()
  for (const [name, source] of stations)
    sources.set(name, {
      ...source,
      daily(variable, depth) {
        const table = source.daily(variable, depth)
        const entry = asked.get(name) ?? { source, tables: new Map<string, DailyTable>() }
        entry.tables.set(`${variable} ${JSON.stringify(table.depth)}`, table)
        asked.set(name, entry)
        return table
      },
    })
  const inputs = (): StationInput[] =>
    [...asked.keys()].sort().map((name) => {
      const { source, tables } = asked.get(name)!
      return { set: source.set, tables: [...tables.keys()].sort().map((key) => tables.get(key)!) }
    })
  return { sources, inputs }
}
