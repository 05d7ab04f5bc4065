import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { daysOf, parseRecipe } from '../../../main/contract/index.ts'
import type { Day } from '../../../main/contract/index.ts'
import { Engine, withDates } from '../../../main/engine/engine.ts'
import { addStudy } from './study-inputs.ts'
import { studyLands } from './study-lands.ts'

const quiet = { signal: new AbortController().signal, onEvent: () => {} }
const power = { workers: 2, cacheBytes: 64e6 }
let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'loam-studies-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Expected {
  /** Days that are mapped of the recipe's own. */
  readonly from: string
  readonly to: string
  readonly folds: string
  readonly words: RegExp
  readonly also?: (results: Awaited<ReturnType<Engine['run']>>['results']) => void
}

const expected: Record<keyof typeof studyLands, Expected> = {
  twente: { from: '2019-01-05', to: '2019-01-06', folds: 'time folds', words: /GW: .*\(wells\), ordinary kriging/ },
  mongolia: {
    from: '2021-08-31',
    to: '2021-08-31',
    folds: 'place folds',
    words: /mean over 31 days up to the day itself/,
  },
  'northern-china': {
    from: '2020-07-18',
    to: '2020-07-19',
    folds: 'place folds',
    words: /predicted by a boosted forest from LST, albedo, LAI, NDWI, LSWI, NSDSI, NDVI, EVI, DEM/,
  },
  peru: {
    from: '2021-05-05',
    to: '2021-05-06',
    folds: 'place_and_time folds',
    words: /rain3: mean over the 3 days before of rain of dataset chirps/,
  },
  naqu: {
    from: '2014-05-10',
    to: '2014-05-11',
    folds: 'place_and_time folds',
    words:
      /predicted by a support vector regression from LST, NDVI, BSA, DEM, slope, northness, eastness, landCover\. .*area-to-point kriging \(25 neighbours/,
    also: ({ residual }) => {
      expect(residual).toMatchObject({ method: 'atp', days: 2 })
      expect(residual!.largestClosure).toBeLessThan(1e-6)
    },
  },
}

/** Each recipe as it ships, only its maps cut to a day or two, on small synthetic inputs that have the shape of the study's. */
describe('the recipe of each study runs from files to scored maps', () => {
  test.each(Object.keys(expected) as (keyof typeof studyLands)[])(
    '%s',
    async (study) => {
      const own = join(folder, study)
      const engine = await Engine.create(join(folder, `${study}.loam`))
      try {
        await addStudy(engine, own, studyLands[study])
        const path = `resources/recipes/${study}.json`
        const { from, to, folds, words, also } = expected[study]
        const recipe = withDates(parseRecipe(readFileSync(path, 'utf8'), path), { from: from as Day, to: to as Day })
        const run = await engine.plan(recipe)
        const { results } = await engine.run(run.id, power, quiet)
        expect(engine.project.run(run.id).state).toMatch(/^done/)
        const maps = results.files.filter(({ kind, layer }) => kind === 'map' && layer === undefined)
        expect(maps.map(({ day }) => day)).toEqual(daysOf(recipe.product.period))
        expect(results.warnings.filter((warning) => /no cell with a value/.test(warning))).toEqual([])
        expect(results.lineage).toMatch(words)
        expect(results.files.filter(({ layer }) => layer === 'di')).toHaveLength(
          recipe.product.applicability ? maps.length : 0,
        )
        expect(results.importance.map(({ predictor }) => predictor).sort()).toEqual(
          Object.keys(recipe.predictors).sort(),
        )

        const overall = (subject: string, validation: string) =>
          results.scores.find(
            (row) => row.subject === subject && row.validation === validation && row.part === 'overall',
          )!.scores
        // What the land's products tell of moisture is found again where neither place nor period was seen.
        expect(overall(folds, 'crossValidation').measures.pearsonR.value).toBeGreaterThan(0.6)
        expect(overall('random folds', 'crossValidation').n).toBeGreaterThan(0)
        for (const { name } of recipe.validation)
          for (const subject of ['fine map', 'coarse product']) {
            const { n, measures } = overall(subject, name)
            expect(n).toBeGreaterThan(10)
            expect(measures.rmse.value).toBeLessThan(0.06)
          }
        also?.(results)
      } finally {
        await engine.close()
      }
    },
    300_000,
  )
})
