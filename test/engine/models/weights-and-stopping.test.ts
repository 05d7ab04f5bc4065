import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BoostingSettings, ForestSettings } from '../../../main/contract/index.ts'
import { fitModel, readModelFile, trainFromTable } from '../../../main/engine/models/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-weights-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function train(lines: string[], options: Omit<Parameters<typeof trainFromTable>[0], 'tablePath' | 'out'>) {
  const [tablePath, out] = [join(folder, 'table.csv'), join(folder, 'm.loammodel')]
  await writeFile(tablePath, lines.join('\n'))
  return { ...(await trainFromTable({ ...options, tablePath, out })), model: await readModelFile(out) }
}

/** The split of one predictor into two leaves with the lowest weighted sum of squares, by trying each. */
function bestStump(x: number[], y: number[], w: number[]): { cut: number; left: number; right: number } {
  const mean = (rows: number[]): number =>
    rows.reduce((sum, i) => sum + w[i] * y[i], 0) / rows.reduce((sum, i) => sum + w[i], 0)
  const squares = (rows: number[]): number => rows.reduce((sum, i) => sum + w[i] * (y[i] - mean(rows)) ** 2, 0)
  let best = { cut: 0, left: 0, right: 0, error: Infinity }
  for (const cut of new Set(x)) {
    const left = x.flatMap((value, i) => (value <= cut ? [i] : []))
    const right = x.flatMap((value, i) => (value > cut ? [i] : []))
    if (left.length === 0 || right.length === 0) continue
    const error = squares(left) + squares(right)
    if (error < best.error) best = { cut, left: mean(left), right: mean(right), error }
  }
  return best
}

describe('weights of rows', () => {
  // A share of the rows that rounds to all of them: each tree is grown from each row once, so nothing is left to chance.
  const settings = ForestSettings.parse({
    type: 'forest',
    treeCount: 1,
    maxDepth: 1,
    minLeafSize: 1,
    sampleFraction: 0.9999,
  })

  it('decide split and leaves as ten plain lines have it', async () => {
    const random = new Random(3)
    const n = 60
    const x = Array.from({ length: n }, (_, i) => i)
    const y = x.map((i) => (i < 25 ? 0.1 : i < 45 ? 0.3 : 0.35) + 0.02 * random.uniform())
    for (const heavy of [1, 30]) {
      const w = x.map((i) => (i >= 42 ? heavy : 1) * (0.5 + random.uniform()))
      const lines = ['x,SM,trust', ...x.map((i) => `${i},${y[i]},${w[i]}`)]
      const { model, info } = await train(lines, { target: 'SM', weights: 'trust', settings, seed: 1, threads: 1 })
      expect(info.predictors).toEqual(['x'])
      const stump = bestStump(x, y, w)
      const found = await model.predict([Float32Array.from(x)], n, 1)
      for (const i of x) expect(found[i]).toBeCloseTo(i <= stump.cut ? stump.left : stump.right, 5)
    }
  })

  it('must be numbers from 0 up, some above, and are not for boosting', async () => {
    const lines = (weight: (i: number) => string): string[] => [
      'x,SM,w',
      ...Array.from({ length: 20 }, (_, i) => `${i},${i / 100},${weight(i)}`),
    ]
    const about = { target: 'SM', weights: 'w', settings, seed: 1, threads: 1 }
    await expect(train(lines(String), { ...about, weights: 'nothing' })).rejects.toMatchObject({
      code: 'missing_predictor',
    })
    await expect(
      train(
        lines(() => '-1'),
        about,
      ),
    ).rejects.toMatchObject({ code: 'bad_table' })
    await expect(
      train(
        lines(() => '0'),
        about,
      ),
    ).rejects.toMatchObject({ code: 'bad_table' })
    const boosting = BoostingSettings.parse({ type: 'boosting', rounds: 3 })
    await expect(train(lines(String), { ...about, settings: boosting })).rejects.toMatchObject({ code: 'bad_input' })
    // A row without a weight is left out, one of weight 0 teaches nothing.
    const { rows, excluded, model } = await train(
      lines((i) => (i === 3 ? '' : i < 10 ? '0' : '1')),
      about,
    )
    expect([rows, excluded]).toEqual([19, 1])
    expect((await model.predict([Float32Array.of(0)], 1, 1))[0]).toBeGreaterThan(0.099)
  })
})

describe('early stopping on a table', () => {
  const settings = BoostingSettings.parse({
    type: 'boosting',
    rounds: 200,
    learningRate: 0.3,
    earlyStopping: { patience: 8 },
  })
  const random = new Random(5)
  const groups = Array.from({ length: 300 }, (_, i) => `S${i % 15}`)
  const values = groups.map((_, i) => [random.uniform(), (i % 15) + random.uniform()])
  const target = values.map(([x], i) => 0.3 * x + 0.1 * Math.sin(i % 15) + 0.05 * random.uniform())
  const lines = ['x,z,station,SM', ...values.map(([x, z], i) => `${x},${z},${groups[i]},${target[i]}`)]

  it('watches whole groups, keeps the rounds with the lowest error, and grows them anew from all rows', async () => {
    const { info, model } = await train(lines, { target: 'SM', groups: 'station', settings, seed: 2, threads: 1 })
    expect(info.predictors).toEqual(['x', 'z'])
    // Of 15 stations with 20 rows each a fifth.
    const { rows, rmse } = info.earlyStopping!
    expect(rows).toBe(60)
    expect(info.treeCount).toBe(rmse.indexOf(Math.min(...rmse)) + 1)
    expect(rmse).toHaveLength(info.treeCount + 8)
    const table = {
      predictors: ['x', 'z'],
      columns: [0, 1].map((p) => Float32Array.from(values, (row) => row[p])),
      target: Float64Array.from(target),
    }
    const plain = { ...settings, rounds: info.treeCount, earlyStopping: undefined }
    const anew = await fitModel(table, null, plain, { seed: 2, threads: 1 })
    expect(await model.predict(table.columns, 300, 1)).toEqual(await anew.predict(table.columns, 300, 1))
  })

  it('needs a column with two groups at least', async () => {
    const about = { target: 'SM', settings, seed: 2, threads: 1 }
    await expect(train(lines, { ...about, predictors: ['x'] })).rejects.toMatchObject({ code: 'bad_input' })
    const one = lines.map((line, i) => (i === 0 ? line : line.replace(/S\d+/, 'S1')))
    await expect(train(one, { ...about, groups: 'station' })).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringContaining('only one'),
    })
  })
})
