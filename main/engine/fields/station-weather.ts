import { LoamError, reasonCodes } from '../../contract/index.ts'
import type { Day, FieldExpression } from '../../contract/index.ts'
import { blankBlock, uniformBlock } from './blocks.ts'
import { makeField } from './compiled-field.ts'
import type { CompiledField, Compiling } from './compiled-field.ts'
import { nameHint } from './near-names.ts'
import type { StationSource } from './field-context.ts'

type Weather = Extract<FieldExpression, { weather: string }>

/** Daily values of one station, the same everywhere.
 *  @throws unknown_name, bad_recipe when the set has several stations and none is named, no_dates */
export function stationWeather(expression: Weather, at: Compiling): CompiledField {
  const source = stationSource(expression.weather, at)
  const table = source.daily(expression.variable)
  const names = table.stations.map((station) => station.id)
  const index = expression.station === undefined ? 0 : names.indexOf(expression.station)
  if (index < 0)
    throw new LoamError(
      'unknown_name',
      `Field "${at.path}": station set "${expression.weather}" has no station "${expression.station}". ${nameHint(expression.station ?? '', names)}`,
      { field: at.path },
    )
  if (expression.station === undefined && names.length !== 1)
    throw new LoamError(
      'bad_recipe',
      `Field "${at.path}": station set "${expression.weather}" has ${names.length} stations (${names.slice(0, 8).join(', ')}); weather that is the same everywhere needs one. Name it with \`station\`, or use \`fromStations\` to interpolate.`,
      { field: at.path },
    )

  const values = new Map<Day, number>()
  table.days.forEach((day, i) => {
    const value = table.values[index * table.days.length + i]
    if (!Number.isNaN(value)) values.set(day, value)
  })
  if (values.size === 0)
    throw new LoamError(
      'no_dates',
      `Field "${at.path}": station "${names[index]}" of "${expression.weather}" has no daily value of ${expression.variable}. Check the variable's daily rule, or choose another station.`,
      { field: at.path },
    )
  return makeField(
    {
      unit: table.unit,
      kind: 'continuous',
      times: [...values.keys()].sort() as Day[],
      nativeGrid: null,
      isUniform: true,
      lineage: `daily ${table.variable} of station ${names[index]} (${expression.weather}), the same everywhere`,
      identity: { form: 'weather/1', source: source.hash, variable: expression.variable, station: names[index] },
      identityOn: (day) => ({ form: 'weather/1', value: values.get(day) ?? null }),
      absence: (day) => (values.has(day) ? reasonCodes.none : reasonCodes.no_observation),
      async compute(window, day) {
        const value = values.get(day)
        return value === undefined ? blankBlock(window, reasonCodes.no_observation) : uniformBlock(window, value)
      },
    },
    at,
  )
}

/** The station set of a name.
 *  @throws unknown_name */
export function stationSource(name: string, at: Compiling): StationSource {
  const source = at.context.stations.get(name)
  if (source) return source
  throw new LoamError(
    'unknown_name',
    `Field "${at.path}" asks for station set "${name}", which the project does not have. ${nameHint(name, [...at.context.stations.keys()])}`,
    { field: at.path, name },
  )
}
