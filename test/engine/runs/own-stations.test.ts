import { expect, test } from 'vitest'
import type { FieldExpression, Recipe } from '../../../main/contract/index.ts'
import { ownStationWarnings } from '../../../main/engine/runs/own-stations.ts'

const wells: FieldExpression = { kriged: 'wells', variable: 'level', drift: { height: 'dem' } }

function recipe(predictors: Recipe['predictors'], more: Partial<Recipe> = {}): Recipe {
  const target = { stations: 'raam', variable: 'soil_moisture', depth: [0, 0.05] }
  const validation = [{ name: 'wells', stations: 'wells', variable: 'level' }]
  return { predictors, fields: {}, target, validation, ...more } as unknown as Recipe
}

test('a predictor made of the target or of what it is validated with is told of, also by another name', () => {
  const moisture: FieldExpression = { fromStations: 'raam', variable: 'soil_moisture' }
  expect(ownStationWarnings(recipe({ near: moisture }))).toEqual([
    expect.stringMatching(/"near" interpolates soil_moisture of "raam", which is the target: .* too good/),
  ])
  const named = {
    level: wells,
    wet: { formula: '1 - a', inputs: { a: 'level' }, unit: '1' } as FieldExpression,
    dem: 'dem',
  }
  const [only, ...rest] = ownStationWarnings(recipe({ wet: 'wet', plain: 'dem' }, { fields: named }))
  expect(only).toMatch(/"wet" interpolates level of "wells", which is validation "wells"/)
  expect(rest).toEqual([])
  expect(ownStationWarnings(recipe({ other: { ...wells, variable: 'temperature' } }))).toEqual([])
})
