import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type {
  ErrorsByPredictor,
  StationComparison,
  Task,
  ValidationPairs,
  ValidationSummary,
} from '../../main/contract/index.ts'
import { RunContext, gatherPairs } from '../../main/engine/runs/index.ts'
import { loam } from '../fronts/loam-process.ts'
import { recordTinyFarm } from '../fronts/recorded-farm.ts'
import { tinyRecipe } from '../fronts/tiny-farm.ts'
import { ok } from './answers.ts'
import { testServer } from './server.ts'
import type { TestServer } from './server.ts'

let folder: string
const run = 'r0001'

/** One finished run of the tiny farm, validated at its own probes' other depth. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loam-validation-'))
  await (await recordTinyFarm(folder)).close()
  const recipe = {
    ...tinyRecipe,
    validation: [{ name: 'probes', stations: 'probes', variable: 'sm', depth: [0.3, 0.3] }],
  }
  writeFileSync(join(folder, 'recipe.json'), JSON.stringify(recipe))
  await loam(['run', 'farm.loam', 'recipe.json'], folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Type 7, in plain lines. */
function tercile(sorted: readonly number[], third: 1 | 2): number {
  const at = ((sorted.length - 1) * third) / 3
  const below = Math.floor(at)
  return sorted[below] + (at - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below])
}

const open = (): Promise<TestServer> => testServer(join(folder, 'farm.loam'))

/** The run's pairs as they lie in the store. */
async function storedPairs() {
  const context = await RunContext.open(join(folder, 'farm-runs', run), { cacheBytes: 1e6 })
  try {
    return await gatherPairs(context, 0)
  } finally {
    context.close()
  }
}

describe('the validation of a run', () => {
  test('says what was compared, with scores at each station', async () => {
    const server = await open()
    const [summary] = await ok<ValidationSummary[]>(server.get(`/runs/${run}/validations`))
    const { pairs } = await storedPairs()
    expect(summary).toMatchObject({ name: 'probes', measured: true, from: 'stations', depth: [0.3, 0.3] })
    expect(summary.targetDepth).toEqual([0.05, 0.05])
    expect(summary.pairs).toBe(36)
    for (const [i, { id, scores }] of summary.stations.entries()) {
      const own = Array.from(pairs.group.keys()).filter((k) => pairs.group[k] === i)
      const errors = own.map((k) => pairs.predicted[k] - pairs.observed[k])
      const bias = errors.reduce((sum, each) => sum + each, 0) / errors.length
      expect(scores?.n, id).toBe(own.length)
      expect(scores?.measures.bias.value, id).toBeCloseTo(bias, 9)
    }
  })

  test('pairs come with scores, counts and, while they are few, themselves; filters keep what they say', async () => {
    const server = await open()
    const path = `/runs/${run}/validations/probes/pairs`
    const all = await ok<ValidationPairs>(server.post(path, {}))
    const { pairs } = await storedPairs()
    expect(all.points).toHaveLength(36)
    expect(all.density.counts.reduce((a, b) => a + b, 0)).toBe(36)
    expect(all.residuals.counts.reduce((a, b) => a + b, 0)).toBe(36)
    const squares = pairs.predicted.reduce((sum, value, i) => sum + (value - pairs.observed[i]) ** 2, 0)
    expect(all.scores.measures.rmse.value).toBeCloseTo(Math.sqrt(squares / 36), 9)
    const filter = { from: '2011-05-04', to: '2011-05-04' }
    const one = await ok<ValidationPairs>(server.post(path, { station: 'P3', filter }))
    expect(one.points).toHaveLength(1)
    expect(one.points?.[0]).toMatchObject({ station: 'P3', day: '2011-05-04' })
  })

  test('a brush on values, stations, area, months or a lasso scores what is left anew and moves no axis', async () => {
    const server = await open()
    const path = `/runs/${run}/validations/probes/pairs`
    const all = await ok<ValidationPairs>(server.post(path, {}))
    const { pairs, day } = await storedPairs()
    const [low, high] = [0.2, 0.26]
    const brushed = await ok<ValidationPairs>(
      server.post(path, {
        filter: { ranges: [{ of: 'observed', low, high }], places: ['P1', 'P2', 'P3', 'P4', 'P5'] },
      }),
    )
    // The same in plain lines.
    const own = Array.from(day.keys()).filter(
      (i) => pairs.observed[i] >= low && pairs.observed[i] <= high && pairs.group[i] >= 1 && pairs.group[i] <= 5,
    )
    expect(own.length).toBeGreaterThan(2)
    expect(own.length).toBeLessThan(15)
    const errors = own.map((i) => pairs.predicted[i] - pairs.observed[i])
    const bias = errors.reduce((sum, each) => sum + each, 0) / own.length
    expect(brushed).toMatchObject({ of: 36, ignored: [], scores: { n: own.length } })
    expect(brushed.scores.measures.bias.value).toBeCloseTo(bias, 9)
    expect(brushed.subjects).toEqual([{ subject: 'fine', scores: brushed.scores }])
    const squared = errors.reduce((sum, each) => sum + each * each, 0) / own.length
    expect(brushed.months).toEqual([
      { month: '2011-05', n: own.length, fine: expect.closeTo(Math.sqrt(squared), 9), coarse: null },
    ])
    expect([brushed.density.low, brushed.density.high, brushed.residuals.high]).toEqual([
      all.density.low,
      all.density.high,
      all.residuals.high,
    ])
    expect(brushed.density.all).toEqual(all.density.counts)
    const boxes = brushed.boxes.filter(({ by }) => by === 'station')
    expect(boxes.reduce((sum, { n }) => sum + n, 0)).toBe(own.length)
    const box = boxes[0]
    const errorsThere = errors.filter((_, k) => `P${pairs.group[own[k]]}` === box.id).sort((a, b) => a - b)
    const middle = errorsThere.length >> 1
    const median = errorsThere.length % 2 ? errorsThere[middle] : (errorsThere[middle - 1] + errorsThere[middle]) / 2
    expect(box.median).toBeCloseTo(median, 9)

    const none = await ok<ValidationPairs>(server.post(path, { filter: { months: [6] } }))
    expect(none).toMatchObject({ of: 36, scores: { n: 0 } })
    // P0 stands at column 1, row 1 of the farm; the area is told in degrees.
    const area = { crs: 'EPSG:4326', bounds: [8.9999, 52.3, 9.0003, 52.4] }
    const inArea = await ok<ValidationPairs>(server.post(path, { filter: { area } }))
    const easting = (station: number) => 500_005 + 10 * (1 + ((station * 5) % 22))
    const near = Array.from({ length: 12 }, (_, i) => i).filter((i) => easting(i) < 500_020.4)
    expect([...new Set(inArea.points!.map(({ station }) => station))].sort()).toEqual(near.map((i) => `P${i}`).sort())
    const wide = [all.density.low - 1, all.density.high + 1]
    const ring = [
      [wide[0], wide[0]],
      [wide[1], wide[0]],
      [wide[1], wide[1]],
    ]
    const below = await ok<ValidationPairs>(
      server.post(path, { filter: { lasso: { x: 'observed', y: 'predicted', ring } } }),
    )
    expect(below.scores.n).toBe(all.points!.filter(({ observed, predicted }) => predicted < observed).length)
    const unknown = await server.post(path, { filter: { ranges: [{ of: 'colour', low: 0, high: 1 }] } })
    expect(unknown.status).toBe(404)
    expect(((await unknown.json()) as { message: string }).message).toContain('column "colour"')
  })

  test('errors are boxed by a predictor in the stations’ cells, and a range of it filters the pairs', async () => {
    const server = await open()
    const path = `/runs/${run}/validations/probes`
    const [summary] = await ok<ValidationSummary[]>(server.get(`/runs/${run}/validations`))
    expect(summary.predictors.map(({ name }) => name)).toEqual(['height', 'slope', 'green', 'day'])
    const groups = await ok<ErrorsByPredictor>(server.post(`${path}/groups`, { predictor: 'height' }))
    expect(groups).toMatchObject({ predictor: 'height', n: 36, without: 0, kind: 'continuous' })
    // Height of the farm's cells, as it is written, where the probes stand.
    const heightOf = (station: number) => {
      const [row, col] = [1 + ((station * 7) % 18), 1 + ((station * 5) % 22)]
      return 100 + row + ((row * 24 + col) % 5)
    }
    const { pairs } = await storedPairs()
    const heights = Array.from(pairs.group, heightOf)
    const sorted = heights.toSorted((a, b) => a - b)
    const cuts = [sorted[0] - 1, tercile(sorted, 1), tercile(sorted, 2), Infinity]
    const thirds = [0, 1, 2].map((i) =>
      [...heights.keys()].filter((k) => heights[k] > cuts[i] && heights[k] <= cuts[i + 1]),
    )
    expect(groups.boxes.map(({ n }) => n)).toEqual(thirds.map(({ length }) => length))
    for (const [i, own] of thirds.entries()) {
      const errors = own.map((k) => pairs.predicted[k] - pairs.observed[k])
      expect(groups.boxes[i].bias).toBeCloseTo(errors.reduce((sum, each) => sum + each, 0) / own.length, 9)
      expect([groups.boxes[i].from, groups.boxes[i].to]).toEqual([
        Math.min(...own.map((k) => heights[k])),
        Math.max(...own.map((k) => heights[k])),
      ])
    }

    const { from, to } = groups.boxes[1]
    const filter = { ranges: [{ of: 'height', low: from, high: to }] }
    const middle = await ok<ValidationPairs>(server.post(`${path}/pairs`, { filter }))
    expect(middle).toMatchObject({ of: 36, ignored: [], scores: { n: thirds[1].length } })
    const again = await ok<ErrorsByPredictor>(server.post(`${path}/groups`, { predictor: 'height', filter }))
    expect(again.boxes).toEqual([groups.boxes[1]])
    const unknown = await server.post(`${path}/groups`, { predictor: 'moon' })
    expect(unknown.status).toBe(404)
    expect(((await unknown.json()) as { message: string }).message).toContain('no predictor "moon"')
  })

  test('a station’s series has every day, gaps where there is no pair', async () => {
    const server = await open()
    const series = await ok<StationComparison>(server.get(`/runs/${run}/validations/probes/stations/P0`))
    expect(series.days).toEqual(['2011-05-03', '2011-05-04', '2011-05-05'])
    const { pairs, day } = await storedPairs()
    series.fine.forEach((value, i) => {
      const at = Array.from(day.keys()).find((k) => pairs.group[k] === 0 && day[k] === day[0] + i)!
      expect(value).toBe(pairs.predicted[at])
      expect(series.observed[i]).toBe(pairs.observed[at])
    })
    expect(series.coarse).toEqual([null, null, null])
  })

  test('what is not there is said by name', async () => {
    const server = await open()
    const nobody = await server.post(`/runs/${run}/validations/nobody/pairs`, {})
    expect(((await nobody.json()) as { message: string }).message).toContain('no validation "nobody"')
    for (const [path, words] of [
      [`/runs/${run}/validations/probes/stations/P99`, 'no station "P99"'],
      [`/runs/r0099/validations`, 'r0099'],
    ]) {
      const answer = await server.get(path)
      const fault = (await answer.json()) as { code: string; message: string }
      expect(fault.code).toBe('unknown_name')
      expect(fault.message).toContain(words)
    }
    const bad = await server.post(`/runs/${run}/validations/probes/pairs`, { filter: { from: '2011-02-30' } })
    expect(bad.status).toBe(400)
  })
})

describe('the report of a run', () => {
  test('is written whole, holds what was found, and reaches for nothing outside', async () => {
    const server = await open()
    const picture = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><script>boom()</script></svg>'
    const kept = await fetch(`${server.origin}/api/pictures?kind=svg`, {
      method: 'POST',
      headers: server.page,
      body: picture,
    })
    const { file } = (await kept.json()) as { file: string }
    const settings = {
      introduction: 'First <b>words</b>.\n\nMore.',
      sections: ['verdict', 'scores', 'pinned', 'maps'],
      maps: 2,
    }
    const figures = [{ id: 'f1', title: 'A picture', caption: 'As it was.', file, madeAtMs: 0 }]
    const task = await ok<Task>(server.post(`/runs/${run}/report`, { settings, figures }))
    let done = task
    while (done.endedAtMs === null) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      done = (await ok<Task[]>(server.get('/tasks'))).find(({ id }) => id === task.id)!
    }
    expect(done.fault).toBeNull()
    const { path, relativePath } = done.result as { path: string; relativePath: string }
    expect(relativePath).toBe(`farm-runs/${run}/report.html`)
    const html = readFileSync(path, 'utf8')
    expect(html).toContain('First &lt;b&gt;words&lt;/b&gt;.')
    expect(html).toContain('Accuracy against probes')
    expect(html.match(/<img src="data:image\/png;base64,/g)).toHaveLength(2)
    // The pinned picture is one that cannot run.
    expect(html).toContain(`data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}`)
    expect(html).not.toContain('<script')
    expect(html).not.toMatch(/(src|href)="(?!data:)/)
    expect(html).not.toContain('What it made')
    const shown = await server.get(`/files?path=${encodeURIComponent(relativePath)}`)
    expect(shown.headers.get('content-type')).toContain('text/html')
    expect(shown.headers.get('content-security-policy')).toContain('sandbox')
  })

  test('a picture that is gone is named, and nothing is written', async () => {
    const server = await open()
    const figures = [{ id: 'f1', title: 'Lost', caption: '', file: 'farm-figures/none.png', madeAtMs: 0 }]
    const task = await ok<Task>(server.post(`/runs/${run}/report`, { figures, path: join(folder, 'other.html') }))
    let done = task
    while (done.endedAtMs === null) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      done = (await ok<Task[]>(server.get('/tasks'))).find(({ id }) => id === task.id)!
    }
    expect(done.fault?.message).toContain('"Lost" (farm-figures/none.png)')
    expect(existsSync(join(folder, 'other.html'))).toBe(false)
  })
})
