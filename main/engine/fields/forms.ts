import type { FieldExpression } from '../../contract/index.ts'
import { calendar } from './calendar.ts'
import type { CompiledField, Compiling } from './compiled-field.ts'
import { constant } from './constant.ts'
import { formula } from './formula.ts'
import { indexExpression } from './index-expression.ts'
import { mask } from './mask.ts'
import { rasterSeries } from './raster-series.ts'
import { stationWeather } from './station-weather.ts'

type Keys<E> = E extends object ? keyof E : never
type Form<K extends PropertyKey> = (
  expression: Extract<FieldExpression, Record<K, unknown>>,
  at: Compiling,
) => CompiledField

/** What each form of expression compiles to, by its first key. */
export const forms = {
  constant,
  series: rasterSeries,
  index: indexExpression,
  formula,
  mask,
  weather: stationWeather,
  calendar,
} satisfies { [K in Keys<FieldExpression>]?: Form<K> }
