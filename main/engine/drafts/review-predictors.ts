import type { Day, DraftRemark, RasterDataset } from '../../contract/index.ts'
import { namesIn } from './names-in-draft.ts'
import { note, warn } from './remarks.ts'
import type { PlannedDraft } from './remarks.ts'

export function fieldDoubts({ fields }: PlannedDraft): DraftRemark[] {
  return fields.warnings.map((message) => {
    const predictor = /Predictor "([^"]+)"/.exec(message)
    return predictor
      ? warn('predictors', `predictors.${predictor[1]}`, message, '')
      : warn('output', 'product.unit', message, 'Give the unit of the target.')
  })
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

export function targetAmongPredictors(draft: PlannedDraft): DraftRemark[] {
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

export function sharedSources(draft: PlannedDraft): DraftRemark[] {
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

export function changedSensors(draft: PlannedDraft): DraftRemark[] {
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

export function missingDates({ plan, fields }: PlannedDraft): DraftRemark[] {
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

export function coordinatesWithPlaces({ plan: { recipe } }: PlannedDraft): DraftRemark[] {
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
