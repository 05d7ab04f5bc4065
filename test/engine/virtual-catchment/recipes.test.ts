import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseRecipe } from '../../../main/contract/index.ts'

const folder = fileURLToPath(new URL('../../../resources/recipes', import.meta.url))
const files = readdirSync(folder).filter((file) => file.endsWith('.json'))

describe('the recipes that come with Loam', () => {
  it.each(files)('%s is a recipe, named like its file', (file) => {
    const recipe = parseRecipe(readFileSync(`${folder}/${file}`, 'utf8'), file)
    expect(`${recipe.name}.json`).toBe(file)
  })

  it.each(files)('%s names datasets, never paths', (file) => {
    const { description: _, ...rest } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as Record<string, unknown>
    expect(JSON.stringify({ ...rest, loam: '' })).not.toMatch(/[\\]|\w\/\w|\.tif|\.nc|\.csv/)
  })

  it('the sample has the ten predictors of the Twente study', () => {
    const of = (file: string) => parseRecipe(readFileSync(`${folder}/${file}`, 'utf8'), file)
    expect(Object.keys(of('virtual-catchment.json').predictors)).toHaveLength(10)
    expect(Object.keys(of('twente.json').predictors)).toHaveLength(10)
  })
})
