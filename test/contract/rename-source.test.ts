import { expect, test } from 'vitest'
import { Workspace, namesInExpression, renameInExpression, renameInWorkspace } from '../../main/contract/index.ts'

test('an expression names a dataset by itself and by its variables', () => {
  const renaming = { of: 'dataset', from: 's2', to: 'sentinel' } as const
  const rename = (expression: unknown): unknown => renameInExpression(expression, renaming)
  expect(rename('s2')).toBe('sentinel')
  expect(rename('s2.nir')).toBe('sentinel.nir')
  expect(rename('s2x.nir')).toBe('s2x.nir')
  expect(rename({ index: 'NDVI', bands: { nir: 's2.nir', red: 's2.red' } })).toEqual({
    index: 'NDVI',
    bands: { nir: 'sentinel.nir', red: 'sentinel.red' },
  })
  expect(
    rename({ mask: { fillInTime: 's2.nir', maxAgeDays: 8 }, by: 'scl', keep: { values: [4] }, series: 's2' }),
  ).toEqual({
    mask: { fillInTime: 'sentinel.nir', maxAgeDays: 8 },
    by: 'scl',
    keep: { values: [4] },
    series: 'sentinel',
  })
  // Names of station sets, variables and units are something else.
  const kriged = { kriged: 's2', variable: 's2', drift: { d: 's2' } }
  expect(rename(kriged)).toEqual({ kriged: 's2', variable: 's2', drift: { d: 'sentinel' } })
  expect(rename(7)).toBe(7)
  expect([
    ...namesInExpression({ formula: 'a/b', inputs: { a: 's2.nir', b: { terrain: 'slope', elevation: 'dem' } } }),
  ]).toEqual(['s2.nir', 'dem'])
})

test('a document follows a dataset and a field to their new names, and nothing else of it changes', () => {
  const document = Workspace.parse({
    layers: [
      { id: 'a', name: 'dem', source: { of: 'dataset', dataset: 'dem', variable: 'z' } },
      {
        id: 'b',
        name: 'Slopes',
        source: {
          of: 'field',
          expression: { terrain: 'slope', elevation: 'dem' },
          fields: { dem2: 'dem' },
          name: 'slope',
        },
      },
      { id: 'c', name: 'run', source: { of: 'product', run: 'dem' } },
    ],
    recipe: {
      name: 'dem',
      grid: { like: 'dem', factor: 2 },
      fields: {
        slope: { terrain: 'slope', elevation: 'dem' },
        steep: { formula: 'a > 3', inputs: { a: 'slope' }, unit: '1' },
      },
      predictors: { dem: 'dem', slope: 'slope' },
      target: { raster: 'sm.sm', grid: { like: 'dem' } },
      validation: [
        { name: 'v', raster: 'dem' },
        { name: 'w', stations: 'dem', variable: 'vwc' },
      ],
      product: 'not filled in yet',
    },
    masks: ['dem'],
    removed: { datasets: ['dem'], stationSets: ['dem'] },
  })
  const dataset = renameInWorkspace(document, { of: 'dataset', from: 'dem', to: 'height' })
  expect(dataset).toEqual({
    ...document,
    layers: [
      { ...document.layers[0], name: 'height', source: { of: 'dataset', dataset: 'height', variable: 'z' } },
      {
        ...document.layers[1],
        source: {
          of: 'field',
          expression: { terrain: 'slope', elevation: 'height' },
          fields: { dem2: 'height' },
          name: 'slope',
        },
      },
      document.layers[2],
    ],
    recipe: {
      ...document.recipe,
      grid: { like: 'height', factor: 2 },
      fields: {
        slope: { terrain: 'slope', elevation: 'height' },
        steep: { formula: 'a > 3', inputs: { a: 'slope' }, unit: '1' },
      },
      predictors: { dem: 'height', slope: 'slope' },
      target: { raster: 'sm.sm', grid: { like: 'height' } },
      validation: [
        { name: 'v', raster: 'height' },
        { name: 'w', stations: 'dem', variable: 'vwc' },
      ],
    },
    masks: ['height'],
    removed: { datasets: ['height'], stationSets: ['dem'] },
  })
  expect(renameInWorkspace(dataset, { of: 'dataset', from: 'height', to: 'dem' })).toEqual(document)

  const field = renameInWorkspace(document, { of: 'field', from: 'slope', to: 'tilt' })
  expect(field.recipe).toMatchObject({
    fields: { tilt: { terrain: 'slope' }, steep: { inputs: { a: 'tilt' } } },
    predictors: { dem: 'dem', slope: 'tilt' },
  })
  expect(Object.keys(field.recipe.fields as object)).toEqual(['tilt', 'steep'])
  expect(field.layers[1].source).toMatchObject({ name: 'tilt', expression: { terrain: 'slope', elevation: 'dem' } })
})

test('a field of the same name stands before a dataset', () => {
  const document = Workspace.parse({ recipe: { fields: { ndvi: 'raw' }, predictors: { a: 'ndvi', b: 'ndvi.ndvi' } } })
  const renamed = renameInWorkspace(document, { of: 'dataset', from: 'ndvi', to: 'modis' })
  expect(renamed.recipe.predictors).toEqual({ a: 'ndvi', b: 'modis.ndvi' })
})
