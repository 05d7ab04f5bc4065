import { expect, test } from 'vitest'
import { blankRecipe, emptyWorkspace } from '../../../main/contract/index.ts'
import type { DatasetRow } from '../../../main/contract/index.ts'
import { emptyForm, expressionOf, suggestedName } from '../../../renderer/panels/data/derive/field-forms.ts'
import { inWindowWords, spanWords, suggestedScale } from '../../../renderer/panels/data/words.ts'

test('what the engine says to a terminal is said in words of the window', () => {
  const doubt = 'values run to hundreds or thousands without a scale. If this is reflectance, give --scale 0.0001.'
  expect(inWindowWords(doubt)).toBe(
    'Values run to hundreds or thousands without a scale. If this is reflectance, set the scale to 0.0001.',
  )
  expect(suggestedScale([doubt])).toBe(0.0001)
  expect(suggestedScale(['no unit'])).toBeNull()
  expect(inWindowWords('lst: 4 dates are missing.')).toBe('lst: 4 dates are missing.')
  expect(inWindowWords('/home/me/in/sites.csv, column "d": Say which with dateOrder: dayFirst or monthFirst.')).toBe(
    'sites.csv, column "d": Say which below.',
  )
  expect(inWindowWords('ndvi_2018155.tif starts like a TIFF file')).toBe('ndvi_2018155.tif starts like a TIFF file')
  expect(inWindowWords('choose another --date-rule.')).toBe('Choose another date rule.')
})

test('a period is written with its year once', () => {
  expect(spanWords('2018-01-01', '2018-12-31')).toBe('2018-01-01 … 12-31')
  expect(spanWords('2017-12-30', '2018-01-02')).toBe('2017-12-30 … 2018-01-02')
  expect(spanWords('2018-01-01', '2018-01-01')).toBe('2018-01-01')
  expect(spanWords(null, null)).toBe('static')
})

test('a form becomes an expression when nothing is missing', () => {
  expect(expressionOf(emptyForm)).toBeNull()
  expect(expressionOf({ ...emptyForm, bands: { nir: 's2.nir', red: 's2.red' } })).toEqual({
    index: 'NDVI',
    bands: { nir: 's2.nir', red: 's2.red' },
  })
  const mask = { ...emptyForm, kind: 'mask' as const, input: 'ndvi', by: 'scl' }
  expect(expressionOf(mask)).toBeNull()
  expect(expressionOf({ ...mask, values: '4, 5 6' })).toEqual({ mask: 'ndvi', by: 'scl', keep: { values: [4, 5, 6] } })
  const rain = { ...emptyForm, kind: 'antecedent' as const, input: 'weather:farm|rain', days: 3 }
  expect(expressionOf(rain)).toEqual({
    antecedent: { weather: 'farm', variable: 'rain' },
    days: 3,
    statistic: 'sum',
    includeToday: false,
  })
  expect(suggestedName(rain)).toBe('farm_rain_3d')
  expect(
    expressionOf({ ...emptyForm, kind: 'kriged', set: 'probes', quantity: 'vwc|0.05|0.05', drift: 'dem' }),
  ).toMatchObject({ kriged: 'probes', variable: 'vwc', depth: [0.05, 0.05], drift: { drift: 'dem' } })
})

test('a dataset plays one part at a time, and a target that is taken away leaves none', async () => {
  const { roleOf, withRole } = await import('../../../renderer/panels/data/roles.ts')
  const variable = (name: string, unit: string) => ({ name, unit, kind: 'continuous' as const })
  const s2 = { name: 's2', variables: [variable('red', '1'), variable('nir', '1')] } as unknown as DatasetRow
  const sm = { name: 'sm', variables: [variable('qa', ''), variable('sm', 'm3 m-3')] } as unknown as DatasetRow
  const predicting = withRole(withRole(emptyWorkspace(), s2, 'predictor'), sm, 'target')
  expect(predicting.recipe).toEqual({
    ...blankRecipe,
    predictors: { s2_red: 's2.red', s2_nir: 's2.nir' },
    target: { raster: 'sm.sm' },
  })
  expect([roleOf('s2', predicting), roleOf('sm', predicting)]).toEqual(['predictor', 'target'])
  const masking = withRole(withRole(predicting, s2, 'mask'), sm, 'unassigned')
  expect([roleOf('s2', masking), roleOf('sm', masking)]).toEqual(['mask', 'unassigned'])
  expect(masking.recipe).toEqual(blankRecipe)
})
