import { expect, test } from 'vitest'
import { LayerStyle, reasonCodes } from '../../../main/contract/index.ts'
import type { Day, Inspection } from '../../../main/contract/index.ts'
import { readingWords } from '../../../renderer/map/SpokenReading.tsx'
import { inspectionCsv } from '../../../renderer/panels/explore/inspect/inspection-csv.ts'
import { testLayers } from './tile-server.ts'

test('an inspection as CSV has a head with units and one row of values', () => {
  const inspection: Inspection = {
    x: 1,
    y: 2.5,
    crs: 'EPSG:28992',
    day: '2018-07-04' as Day,
    layers: [
      {
        layer: 'l',
        name: 'Fine, mapped',
        quantity: 'soil moisture',
        unit: 'm3 m-3',
        value: null,
        reason: 'masked',
        reasonText: 'masked',
        cell: null,
        lineage: '',
        fault: null,
      },
    ],
    models: [
      {
        of: { run: 'r1' },
        unit: 'm3 m-3',
        prediction: 0.213,
        reason: null,
        reasonText: '',
        interval: { low: 0.17, high: 0.26, levels: [0.05, 0.95] },
        coarse: null,
        dissimilarity: null,
        predictors: [
          {
            name: 'ndvi',
            unit: '1',
            value: 0.61,
            reason: null,
            reasonText: '',
            trainingRange: [0, 1],
            ageDays: 1,
            importance: null,
            lineage: '',
          },
        ],
        fault: null,
      },
    ],
  }
  expect(inspectionCsv(inspection)).toBe(
    'x,y,crs,date,"Fine, mapped [m3 m-3]","Fine, mapped reason",prediction [m3 m-3],q0.05 [m3 m-3],q0.95 [m3 m-3],ndvi\n' +
      '1,2.5,EPSG:28992,2018-07-04,,masked,0.213,0.17,0.26,0.61\n',
  )
})

test('the cross-hair says the value with its unit, the reason where there is none, and both where both are', () => {
  const tiled = testLayers[1]
  const tile = {
    rows: 1,
    cols: 3,
    oneOf: 1,
    values: new Float32Array([0.2134, Number.NaN, 0.1]),
    reasons: new Uint8Array([0, reasonCodes.masked, reasonCodes.outside_applicability]),
  }
  const shown = {
    pane: 'single',
    layer: {
      id: 'fine',
      name: 'Fine map',
      tiled,
      look: { ...LayerStyle.parse({}), range: [0, 0.5] as const, kind: 'continuous' as const },
    },
    day: null,
    hasDay: true,
    missing: 0,
    oneOf: 1,
    clip: [0, 1] as const,
    drawn: [
      {
        key: 'k',
        address: { layer: 'fine', day: 'static' as const, level: 0, row: 0, col: 0 },
        tile,
        bounds: { west: 0, east: 30, south: 0, north: 10 },
        cells: { row: 0, col: 0, rows: 1, cols: 3 },
      },
    ],
  }
  expect(readingWords(shown, { x: 5, y: 5 })).toBe('Fine map 0.213 m³ m⁻³')
  expect(readingWords(shown, { x: 15, y: 5 })).toBe('Fine map: Masked: cloud, water or a quality flag')
  expect(readingWords(shown, { x: 25, y: 5 })).toMatch(/^Fine map 0\.100 m³ m⁻³, Outside the area of applicability/)
  expect(readingWords(shown, { x: 35, y: 5 })).toBe('Fine map: nothing here')
})
