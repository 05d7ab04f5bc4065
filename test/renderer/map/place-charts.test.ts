import { expect, test } from 'vitest'
import type { CellSeries } from '../../../main/contract/index.ts'
import { chartsOf, isRain, outermostQuantiles } from '../../../renderer/panels/explore/inspect/place-charts.ts'
import type { SeriesLayer } from '../../../renderer/panels/explore/inspect/use-inspected-layers.ts'

const series = (id: string, unit: string, values: (number | null)[]): CellSeries => ({
  id,
  name: id,
  unit,
  values,
  reasons: values.map(() => null),
  fault: null,
})
const mean: SeriesLayer = { id: 'mean', name: 'mean', unit: 'm3 m-3', run: 'r0001', isStored: false }
const answers = [
  series('mean', 'm3 m-3', [0.2, null]),
  series('low', 'm3 m-3', [0.1, null]),
  series('high', 'm3 m-3', [0.3, null]),
  series('p', 'mm', [4, 0]),
  series('coarse:r0001', 'm3 m-3', [0.25, 0.24]),
  series('observed:wells', 'm3 m-3', [null, null]),
]
const interval = { low: 'low', high: 'high', name: '90 % interval' }

test('an interval is one band under the prediction, rain hangs as bars, and what has no value is left out', () => {
  const [chart, ...others] = chartsOf(answers, [mean], { bands: [interval], rain: 'p' })
  expect(others).toEqual([])
  expect(chart.series.map(({ name, kind }) => [name, kind])).toEqual([
    ['90 % interval', 'band'],
    ['mean', 'line'],
    ['coarse:r0001', 'steps'],
    ['p', 'bars'],
  ])
  expect(chart.series[0]).toMatchObject({ values: [0.1, null], high: [0.3, null] })
})

test('a coarse product that is also a layer is drawn once, as the steps behind its run', () => {
  const layer = { ...mean, id: 'layer', run: null }
  const names = (values: (number | null)[]) =>
    chartsOf([...answers, series('layer', 'm3 m-3', values)], [mean, layer], { bands: [], rain: null })[0].series.map(
      ({ id }) => id,
    )
  expect(names([0.25, 0.24])).not.toContain('layer')
  expect(names([0.25, 0.23])).toContain('layer')
})

test('a quantile that is on the map keeps its line; without its twin there is no band', () => {
  const low = { ...mean, id: 'low' }
  const kinds = (known: CellSeries[]) =>
    chartsOf(known, [mean, low], { bands: [interval], rain: null })[0].series.map(({ id, kind }) => `${id} ${kind}`)
  expect(kinds(answers)).toContain('low line')
  expect(kinds(answers)).toContain('band:low band')
  expect(kinds(answers.filter(({ id }) => id !== 'high'))).not.toContain('band:low band')
})

test('the outermost quantiles of a run by their names', () => {
  expect(outermostQuantiles(['mean', 'q95', 'q025', 'q50', 'q05', 'sd'])).toEqual({
    low: 'q025',
    high: 'q95',
    percent: 92.5,
  })
  expect(outermostQuantiles(['mean', 'q50', 'sd'])).toBeNull()
  expect(isRain({ name: 'Precipitation', unit: 'mm' })).toBe(true)
  expect(isRain({ name: 'Precipitation', unit: 'm' })).toBe(false)
})
