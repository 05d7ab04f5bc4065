import { dayNumber } from '../../contract/index.ts'
import type { Day, DraftRemark } from '../../contract/index.ts'
import { warn } from './remarks.ts'
import type { PlannedDraft } from './remarks.ts'

export function optimisticSplit({ plan: { recipe } }: PlannedDraft): DraftRemark[] {
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

export function rowsPerFold(draft: PlannedDraft): DraftRemark[] {
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

export function newSeason({ plan: { trainingDays, productDays } }: PlannedDraft): DraftRemark[] {
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

export function stationsWithoutPlaces({ plan: { recipe }, sources }: PlannedDraft): DraftRemark[] {
  if (!('stations' in recipe.target)) return []
  const { stations: name } = recipe.target
  const set = sources.stations.get(name)?.set
  if (!set || set.stations.some(({ x }) => x !== null)) return []
  const message = `None of the ${set.stations.length} stations of "${name}" has a place, so no predictor can be read where they are.`
  const remedy = 'Import them again together with the list that says where they are.'
  return [{ card: 'target', path: 'target.stations', severity: 'error', message, remedy }]
}
