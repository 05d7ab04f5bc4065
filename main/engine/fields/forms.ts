import type { FieldExpression } from '../../contract/index.ts'
import { antecedent } from './antecedent.ts'
import { calendar } from './calendar.ts'
import type { CompiledField, Compiling } from './compiled-field.ts'
import { constant } from './constant.ts'
import { coordinate } from './coordinate.ts'
import { fillInTime, isFilled } from './fill-in-time.ts'
import { formula } from './formula.ts'
import { fromStations } from './from-stations.ts'
import { indexExpression } from './index-expression.ts'
import { krigedStations } from './kriged-stations.ts'
import { mask } from './mask.ts'
import { rasterSeries } from './raster-series.ts'
import { stationWeather } from './station-weather.ts'
import { terrain } from './terrain.ts'

type FormName =
  | 'constant'
  | 'series'
  | 'index'
  | 'formula'
  | 'mask'
  | 'fillInTime'
  | 'isFilled'
  | 'antecedent'
  | 'weather'
  | 'fromStations'
  | 'kriged'
  | 'calendar'
  | 'coordinate'
  | 'terrain'
type Form<K extends FormName> = (
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
  fillInTime,
  isFilled,
  antecedent,
  weather: stationWeather,
  fromStations,
  kriged: krigedStations,
  calendar,
  coordinate,
  terrain,
} satisfies { [K in FormName]: Form<K> }
