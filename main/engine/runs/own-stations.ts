import type { Recipe } from '../../contract/index.ts'

interface Interpolated {
  readonly stations: string
  readonly variable: string
}

/** Warns of predictors that interpolate the very observations the model is trained on or validated with: at such a station the
 *  predictor is the observation, so a held-out station is predicted from itself and its score means nothing.
 *  @returns a sentence for each predictor and use */
export function ownStationWarnings({ predictors, fields, target, validation }: Recipe): string[] {
  const uses = [
    ...('stations' in target ? [{ what: 'the target', ...target }] : []),
    ...validation.flatMap((each) => ('stations' in each ? [{ what: `validation "${each.name}"`, ...each }] : [])),
  ]
  return Object.entries(predictors).flatMap(([name, expression]) => {
    const found = interpolatedIn(expression, fields, new Set())
    return uses
      .filter((use) => found.some((each) => each.stations === use.stations && each.variable === use.variable))
      .map(
        ({ what, stations, variable }) =>
          `Predictor "${name}" interpolates ${variable} of "${stations}", which is ${what}: at a station it is the observation itself, ` +
          `so scores there are too good. Take other stations or another variable for one of them.`,
      )
  })
}

/** Station variables that an expression, or a field it names, interpolates. */
function interpolatedIn(expression: unknown, fields: Recipe['fields'], seen: Set<string>): Interpolated[] {
  if (typeof expression === 'string') {
    if (!Object.hasOwn(fields, expression) || seen.has(expression)) return []
    seen.add(expression)
    return interpolatedIn(fields[expression], fields, seen)
  }
  if (expression === null || typeof expression !== 'object') return []
  const { kriged, fromStations, variable } = expression as Record<string, unknown>
  const stations = kriged ?? fromStations
  const own = typeof stations === 'string' && typeof variable === 'string' ? [{ stations, variable }] : []
  return [...own, ...Object.values(expression).flatMap((inner) => interpolatedIn(inner, fields, seen))]
}
