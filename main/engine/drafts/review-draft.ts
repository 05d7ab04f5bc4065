import { dayNumber } from '../../contract/index.ts'
import type { Day, DraftRemark, Grid, RasterDataset } from '../../contract/index.ts'
import { isGeographic, metresPerUnit } from '../raster/index.ts'
import type { Plan, RunFields } from '../runs/index.ts'
import type { DraftSources } from './draft-sources.ts'
import { namesIn } from './names-in-draft.ts'
import { depthWords, sizeWords } from './sentences.ts'

/** A draft that could be planned, with everything it reads. */
export interface PlannedDraft {
  readonly plan: Omit<Plan, 'id'>
  readonly fields: RunFields
  readonly sources: DraftSources
}

type Review = (draft: PlannedDraft) => DraftRemark[]

/** What a careful reviewer would ask of a recipe that runs. Each looks at one thing. */
const reviews: readonly Review[] = [
  fieldDoubts,
  scaleGap,
  coarsePredictors,
  targetAmongPredictors,
  sharedSources,
  changedSensors,
  missingDates,
  optimisticSplit,
  coordinatesWithPlaces,
  rowsPerFold,
  newSeason,
  depths,
  units,
  sameStations,
  stationsWithoutPlaces,
  nothingMeasured,
  noInterval,
]

/** Remarks on a recipe that runs; each says what it does to the map or its score, and what to do. */
export function reviewDraft(draft: PlannedDraft): DraftRemark[] {
  return reviews.flatMap((review) => review(draft))
}

const warn = (card: DraftRemark['card'], path: string, message: string, remedy: string): DraftRemark => ({
  card,
  path,
  severity: 'warning',
  message,
  remedy,
})
const note = (...rest: Parameters<typeof warn>): DraftRemark => ({ ...warn(...rest), severity: 'note' })

function fieldDoubts({ fields }: PlannedDraft): DraftRemark[] {
  return fields.warnings.map((message) => {
    const predictor = /Predictor "([^"]+)"/.exec(message)
    return predictor
      ? warn('predictors', `predictors.${predictor[1]}`, message, '')
      : warn('output', 'product.unit', message, 'Give the unit of the target.')
  })
}

/** Side of a cell, metres; degrees at the middle latitude of the grid. */
function metresOf(grid: Grid): number {
  const side = Math.sqrt(Math.abs(grid.transform[1] * grid.transform[5]))
  if (!isGeographic(grid.crs)) return side * metresPerUnit(grid.crs)
  const latitude = grid.transform[3] + (grid.rows * grid.transform[5]) / 2
  return side * 111_195 * Math.sqrt(Math.cos((latitude * Math.PI) / 180))
}

const wideGap = 10

function scaleGap({ plan: { fineGrid, trainingGrid } }: PlannedDraft): DraftRemark[] {
  if (!trainingGrid) return []
  const factor = metresOf(trainingGrid) / metresOf(fineGrid)
  if (factor < 1)
    return [
      warn(
        'target',
        'target',
        `The target's cells (${sizeWords(trainingGrid.transform[1], trainingGrid.crs)}) are finer than the maps': nothing is downscaled.`,
        'Choose a finer grid for the maps.',
      ),
    ]
  if (factor < wideGap) return []
  const words = `Trained at ${sizeWords(trainingGrid.transform[1], trainingGrid.crs)}, predicted at ${sizeWords(fineGrid.transform[1], fineGrid.crs)} (factor ${Math.round(factor)})`
  return [
    warn(
      'target',
      'target',
      `${words}. Means of predictors hide extremes, so the model extrapolates where a fine cell is unlike any coarse one, and held-out scores say nothing about detail inside a coarse cell.`,
      'Look at the applicability in the preview, and hold the maps against stations.',
    ),
  ]
}

function coarsePredictors({ plan: { fineGrid }, fields }: PlannedDraft): DraftRemark[] {
  const fine = metresOf(fineGrid)
  const coarse = fields.predictors.filter((field) => field.nativeGrid && metresOf(field.nativeGrid) > 4 * fine)
  const without = fields.predictors.filter((field) => field.nativeGrid === null && field.times !== 'static')
  const carriers = fields.predictors.filter((field) => field.nativeGrid && metresOf(field.nativeGrid) <= 1.5 * fine)
  const remarks = coarse.map((field) => {
    const effect = field.times === 'static' ? 'its' : 'it moves the map in time more than in space, and its'
    return note(
      'predictors',
      `predictors.${field.name}`,
      `${field.name} has cells of ${sizeWords(field.nativeGrid!.transform[1], field.nativeGrid!.crs)}: ${effect} cell edges can show in the map.`,
      '',
    )
  })
  if (carriers.length === 0 && coarse.length + without.length > 0)
    remarks.push(
      warn(
        'predictors',
        'predictors',
        `No predictor is as fine as the maps, so no detail of ${sizeWords(fineGrid.transform[1], fineGrid.crs)} can appear.`,
        'Add terrain, soil or an image on the fine grid.',
      ),
    )
  return remarks
}

function datasetsOf(expression: unknown, draft: PlannedDraft): Set<string> {
  const { fields } = draft.plan.recipe
  const found = new Set<string>()
  const visit = (names: Iterable<string>, depth: number): void => {
    for (const name of names) {
      if (Object.hasOwn(fields, name) && depth < 50)
        visit(namesIn({ predictors: { x: fields[name] as never } }), depth + 1)
      else found.add(name)
    }
  }
  visit(namesIn({ predictors: { x: expression as never } }), 0)
  return found
}

function targetAmongPredictors(draft: PlannedDraft): DraftRemark[] {
  const { recipe } = draft.plan
  const target = 'raster' in recipe.target ? datasetsOf(recipe.target.raster, draft) : new Set([recipe.target.stations])
  const references = recipe.validation.flatMap((spec) =>
    'raster' in spec ? [...datasetsOf(spec.raster, draft)].map((name) => ({ name, of: spec.name })) : [],
  )
  return Object.entries(recipe.predictors).flatMap(([name, expression]) => {
    const own = datasetsOf(expression, draft)
    const path = `predictors.${name}`
    const isTarget = [...target].some((each) => own.has(each))
    const leaked = references.find((reference) => own.has(reference.name))
    return [
      ...(isTarget
        ? [
            warn(
              'predictors' as const,
              path,
              `${name} is made from the target's own data, so the model can read the answer: scores will be too good.`,
              'Take it out, or make it of earlier dates only.',
            ),
          ]
        : []),
      ...(leaked
        ? [
            warn(
              'predictors' as const,
              path,
              `${name} is made from ${leaked.name}, against which the maps are validated (${leaked.of}): that score is no independent one.`,
              'Take one of the two out.',
            ),
          ]
        : []),
    ]
  })
}

function sharedSources(draft: PlannedDraft): DraftRemark[] {
  const bySource = new Map<string, string[]>()
  for (const [name, expression] of Object.entries(draft.plan.recipe.predictors))
    for (const source of datasetsOf(expression, draft)) bySource.set(source, [...(bySource.get(source) ?? []), name])
  const byNames = new Map<string, { names: string[]; sources: string[] }>()
  for (const [source, names] of bySource) {
    if (names.length < 2) continue
    const known = byNames.get(names.join()) ?? { names, sources: [] }
    byNames.set(names.join(), { names, sources: [...known.sources, source] })
  }
  return [...byNames.values()].map(({ names, sources }) =>
    note(
      'predictors',
      `predictors.${names[1]}`,
      `${names.join(' and ')} are made from the same data (${sources.join(', ')}): the model can use either, and importance is shared between them.`,
      'Keep both only where they differ.',
    ),
  )
}

/** The letters and digits a product's files begin with: `MOD11A1`, `S1A`. */
function productOf(path: string): string {
  return /^[A-Za-z]+\d*[A-Za-z]*\d*/.exec(path.replace(/^.*[\\/]/, ''))?.[0] ?? ''
}

function productsIn(dataset: RasterDataset, days: ReadonlySet<Day>): Set<string> {
  return new Set(
    dataset.scenes.flatMap(({ day, file }) => (day && days.has(day) ? [productOf(dataset.files[file].path)] : [])),
  )
}

function changedSensors(draft: PlannedDraft): DraftRemark[] {
  const { plan, sources } = draft
  const training = new Set(plan.trainingDays)
  const product = new Set(plan.productDays)
  return Object.entries(plan.recipe.predictors).flatMap(([name, expression]) =>
    [...datasetsOf(expression, draft)].flatMap((source) => {
      const dataset = sources.datasets.get(source.split('.')[0]) ?? sources.datasets.get(source)
      if (!dataset) return []
      const [was, is] = [productsIn(dataset, training), productsIn(dataset, product)]
      const isSwapped = was.size > 0 && is.size > 0 && ![...is].some((each) => was.has(each))
      if (!isSwapped) return []
      return [
        warn(
          'predictors',
          `predictors.${name}`,
          `${name} is trained on files ${[...was].join(', ')} and predicted from ${[...is].join(', ')}: another sensor or version may shift every value.`,
          'Train on dates of the same product, or bring the two to one scale first.',
        ),
      ]
    }),
  )
}

function missingDates({ plan, fields }: PlannedDraft): DraftRemark[] {
  return fields.predictors.flatMap((field): DraftRemark[] => {
    if (typeof field.times === 'string') return []
    const days = new Set(field.times)
    const share = (wanted: readonly Day[]) => wanted.filter((day) => days.has(day)).length / Math.max(1, wanted.length)
    const [product, training] = [share(plan.productDays), share(plan.trainingDays)]
    const path = `predictors.${field.name}`
    const fill = 'Fill it in time (fillInTime), or take it out.'
    if (training === 0)
      return [
        {
          ...warn('predictors', path, `${field.name} has no value on any training date, so there are no rows.`, fill),
          severity: 'error',
        },
      ]
    if (product === 0)
      return [
        {
          ...warn(
            'predictors',
            path,
            `${field.name} has no value on any date of the maps, so all maps are empty.`,
            fill,
          ),
          severity: 'error',
        },
      ]
    if (product < 0.9)
      return [
        warn(
          'predictors',
          path,
          `${field.name} has values on ${Math.round(100 * product)} % of the dates of the maps; the others stay empty.`,
          fill,
        ),
      ]
    return []
  })
}

function optimisticSplit({ plan: { recipe } }: PlannedDraft): DraftRemark[] {
  if (recipe.split.by !== 'random') return []
  return [
    warn(
      'samples',
      'split.by',
      'Rows are held out at random: a tested row has its place and the day before it in training, so the score looks better than the map is.',
      'Hold out places, periods, or both.',
    ),
  ]
}

function coordinatesWithPlaces({ plan: { recipe } }: PlannedDraft): DraftRemark[] {
  const named = Object.entries(recipe.predictors).filter(
    ([, expression]) => typeof expression === 'object' && 'coordinate' in expression,
  )
  if (named.length === 0) return []
  return [
    note(
      'predictors',
      `predictors.${named[0][0]}`,
      `${named.map(([name]) => name).join(' and ')} tell the model where it is: it can learn places by heart, and blocks appear in the map.`,
      'Compare with a run without them, split by place.',
    ),
  ]
}

const fewRows = 50

/** Rows there are at most: values of stations on training days, or cells of the coarse grid on each. */
export function candidateRows({ plan, fields }: PlannedDraft): number {
  const table = fields.targetTable
  if (!table) return plan.trainingGrid!.rows * plan.trainingGrid!.cols * plan.trainingDays.length
  const days = new Set(plan.trainingDays)
  let rows = 0
  for (let i = 0; i < table.values.length; i++)
    if (!Number.isNaN(table.values[i]) && days.has(table.days[i % table.days.length])) rows++
  return rows
}

function rowsPerFold(draft: PlannedDraft): DraftRemark[] {
  const { plan, fields } = draft
  const { split } = plan.recipe
  const folds = plan.foldCounts[0]
  const perFold = Math.floor(candidateRows(draft) / folds / (split.by === 'place_and_time' ? folds : 1))
  const remarks: DraftRemark[] = []
  const stations = fields.targetTable?.stations.length
  if (
    stations !== undefined &&
    split.by !== 'time' &&
    split.by !== 'random' &&
    stations < 2 * folds &&
    !split.leaveOneOut
  )
    remarks.push(
      warn(
        'samples',
        'split.folds',
        `${stations} stations in ${folds} folds: a fold is one or two stations, and its score is theirs.`,
        'Ask for fewer folds, or hold out one station each.',
      ),
    )
  if (perFold < fewRows)
    remarks.push(
      warn(
        'samples',
        'split.folds',
        `A fold has about ${perFold} rows at most: too few for a score with a narrow interval.`,
        'Ask for fewer folds or a longer training period.',
      ),
    )
  return remarks
}

const farDays = 45

function newSeason({ plan: { trainingDays, productDays } }: PlannedDraft): DraftRemark[] {
  const trained = trainingDays.map((day) => dayNumber(day) % 365.2425)
  const isFar = (day: Day) => {
    const own = dayNumber(day) % 365.2425
    return !trained.some((other) => {
      const apart = Math.abs(own - other)
      return Math.min(apart, 365.2425 - apart) <= farDays
    })
  }
  const far = productDays.filter(isFar)
  if (far.length === 0) return []
  return [
    warn(
      'output',
      'product.period',
      `${far.length} of ${productDays.length} maps lie in a season without training dates (first ${far[0]}): the model extrapolates there.`,
      'Widen the training period, or shorten that of the maps.',
    ),
  ]
}

function targetDepth({ plan: { recipe }, fields }: PlannedDraft): readonly [number, number] | null {
  return recipe.target.depth ?? fields.targetTable?.depth ?? null
}

function depths(draft: PlannedDraft): DraftRemark[] {
  const wanted = targetDepth(draft)
  if (!wanted) return []
  return draft.plan.recipe.validation.flatMap((spec, i) => {
    const reference = draft.fields.references[i]
    const found = reference.from === 'stations' ? reference.table.depth : null
    if (!found || (found[0] <= wanted[1] && found[1] >= wanted[0])) return []
    return [
      warn(
        'validation',
        `validation.${i}.depth`,
        `The target stands for ${depthWords(wanted).slice(2)}, ${spec.name} measures ${depthWords(found).slice(2)}: part of the bias is depth, no error of the map.`,
        'Choose a sensor within the target’s depth, or read the scores without bias (ubRMSE).',
      ),
    ]
  })
}

function units({ plan: { recipe }, fields }: PlannedDraft): DraftRemark[] {
  const wanted = fields.targetTable?.unit ?? fields.target?.unit ?? ''
  return recipe.validation.flatMap((spec, i) => {
    const reference = fields.references[i]
    const found = reference.from === 'stations' ? reference.table.unit : reference.field.unit
    if (!wanted || !found || wanted === found) return []
    return [
      warn(
        'validation',
        `validation.${i}`,
        `${spec.name} is in "${found}", the target in "${wanted}": differences mean nothing.`,
        'Bring the reference to the unit of the target.',
      ),
    ]
  })
}

function sameStations({ plan: { recipe } }: PlannedDraft): DraftRemark[] {
  const { target } = recipe
  if (!('stations' in target)) return []
  return recipe.validation.flatMap((spec, i) =>
    'stations' in spec && spec.stations === target.stations && spec.variable === target.variable
      ? [
          warn(
            'validation',
            `validation.${i}`,
            `${spec.name} are the stations the model is trained on: their score shows the fit, not the map.`,
            'Read the held-out folds instead, or use other stations.',
          ),
        ]
      : [],
  )
}

function stationsWithoutPlaces({ plan: { recipe }, sources }: PlannedDraft): DraftRemark[] {
  if (!('stations' in recipe.target)) return []
  const { stations: name } = recipe.target
  const set = sources.stations.get(name)?.set
  if (!set || set.stations.some(({ x }) => x !== null)) return []
  const message = `None of the ${set.stations.length} stations of "${name}" has a place, so no predictor can be read where they are.`
  const remedy = 'Import them again together with the list that says where they are.'
  return [{ card: 'target', path: 'target.stations', severity: 'error', message, remedy }]
}

function nothingMeasured({ plan: { recipe } }: PlannedDraft): DraftRemark[] {
  if ('stations' in recipe.target || recipe.validation.some(({ measured }) => measured)) return []
  return [
    warn(
      'validation',
      'validation',
      'Nothing measured is held against the maps: scores tell agreement with the coarse product, not accuracy.',
      'Add stations, or say in the report that this is consistency.',
    ),
  ]
}

function noInterval({ plan: { recipe } }: PlannedDraft): DraftRemark[] {
  if (recipe.product.intervals || recipe.learner.type !== 'forest') return []
  return [
    note(
      'output',
      'product.intervals',
      'The maps come without an interval, so a reader cannot see where they are sure.',
      'Ask for the quantiles 0.05 and 0.95.',
    ),
  ]
}
