import type { Draft, FieldExpression, RecipeSources } from '../../../main/contract/index.ts'
import type { Choice } from '../../widgets/fields.tsx'
import { rasterHint } from './source-words.ts'

/** Everything the project offers as a predictor, as it is and in the ways that are common. */
export function predictorChoices(sources: RecipeSources | undefined, draft: Draft): Choice[] {
  if (!sources) return []
  const own = Object.keys((draft.fields ?? {}) as object)
  const choice = (expression: FieldExpression, name: string, hint: string): Choice => ({
    id: JSON.stringify(expression),
    name,
    hint,
  })
  const target = (draft.target ?? {}) as { raster?: unknown }
  const rasters = sources.rasters.filter(({ expression }) => expression !== target.raster)
  return [
    ...own.map((name) => choice(name, name, 'A field of this recipe')),
    ...rasters.flatMap((raster) => {
      const { expression, days, unit, description } = raster
      const hint = rasterHint(raster)
      const isHeight = days === 0 && unit === 'm' && /dem|elev|height|dtm/i.test(`${expression} ${description}`)
      return [
        choice(expression, expression, hint),
        ...(isHeight
          ? (['slope', 'northness', 'eastness'] as const).map((terrain) =>
              choice({ terrain, elevation: expression }, `${terrain} of ${expression}`, 'Terrain'),
            )
          : []),
        ...(days > 1
          ? [
              choice({ fillInTime: expression, maxAgeDays: 8 }, `${expression}, filled up to 8 days`, hint),
              choice(
                { antecedent: expression, days: 7, statistic: 'mean', includeToday: true },
                `${expression}, mean of 7 days`,
                hint,
              ),
            ]
          : []),
        ...(days > 1 && /rain|precip|mm/i.test(`${expression} ${unit}`)
          ? [7, 30].map((n) =>
              choice(
                { antecedent: expression, days: n, statistic: 'sum', includeToday: true },
                `${expression}, sum of ${n} days`,
                hint,
              ),
            )
          : []),
      ]
    }),
    ...sources.stations.flatMap(({ set, hasPlaces, variables }) =>
      variables.flatMap(({ name, depth }) => {
        const at = depth ? { depth: [depth[0], depth[1]] as [number, number] } : {}
        const words = depth ? `${name} ${depth[0]}–${depth[1]} m` : name
        return hasPlaces
          ? [
              choice({ kriged: set, variable: name, ...at }, `${set}: ${words}, kriged`, 'Stations, by date'),
              choice(
                { fromStations: set, variable: name, ...at },
                `${set}: ${words}, inverse distance`,
                'Stations, by date',
              ),
            ]
          : [
              choice({ weather: set, variable: name }, `${set}: ${words}`, 'One value a day for all cells'),
              choice(
                { antecedent: { weather: set, variable: name }, days: 7, statistic: 'sum', includeToday: true },
                `${set}: ${words}, sum of 7 days`,
                'One value a day for all cells',
              ),
            ]
      }),
    ),
    choice({ calendar: 'sinDayOfYear' }, 'Season, sine', 'Calendar'),
    choice({ calendar: 'cosDayOfYear' }, 'Season, cosine', 'Calendar'),
    choice({ calendar: 'dayNumber' }, 'Day number', 'Calendar; learns a trend'),
  ]
}

/** A name for a new predictor that none has yet. */
export function nameFor(expression: FieldExpression, taken: readonly string[]): string {
  const wanted = wordsOf(expression).replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string = '') => next.toUpperCase())
  const base = /^[A-Za-z_]/.test(wanted) ? wanted : `p${wanted}`
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}${n}`
    if (!taken.includes(name)) return name
  }
}

function wordsOf(expression: FieldExpression): string {
  if (typeof expression === 'string') return expression.split('.').at(-1) ?? expression
  if (typeof expression === 'number') return `constant ${expression}`
  if ('terrain' in expression) return expression.terrain
  if ('calendar' in expression) return expression.calendar
  if ('fillInTime' in expression) return wordsOf(expression.fillInTime)
  if ('antecedent' in expression) return `${wordsOf(expression.antecedent)} ${expression.days}`
  if ('variable' in expression && expression.variable) return expression.variable
  return Object.keys(expression)[0]
}
