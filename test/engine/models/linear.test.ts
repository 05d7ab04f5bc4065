import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { LinearSettings } from '../../../main/contract/index.ts'
import { decodeModel, exportOnnx, fitModel } from '../../../main/engine/models/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { debianPython } from './debian-python.ts'

const options = { seed: 1, threads: 1, target: { name: 'SM', unit: 'm3 m-3' } }
const settings = (ridge = 0): LinearSettings => LinearSettings.parse({ type: 'linear', ridge })

function moisture(rows: number, noise = 0.02) {
  const random = new Random(9)
  const columns = [280, 0.5, 30].map((scale) => Float32Array.from({ length: rows }, () => scale * random.uniform()))
  const target = Float64Array.from(
    { length: rows },
    (_, i) => 0.3 - 0.0005 * columns[0][i] + 0.2 * columns[1][i] + 0.001 * columns[2][i] + noise * random.normal(),
  )
  return { predictors: ['LST', 'NDVI', 'clay'], columns, target }
}

/** The normal equations of standardised predictors, by elimination: what the learner has to agree with. */
function plainRidge(columns: Float32Array[], target: Float64Array, ridge: number): (row: number[]) => number {
  const n = target.length
  const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / n
  const means = columns.map(mean)
  const sds = columns.map((column, p) => Math.sqrt(mean(Array.from(column, (v) => (v - means[p]) ** 2))))
  const z = columns.map((column, p) => Array.from(column, (v) => (v - means[p]) / sds[p]))
  const m = z.map((a, j) => z.map((b, k) => a.reduce((s, v, i) => s + v * b[i], j === k ? ridge : 0)))
  const right = z.map((a) => a.reduce((s, v, i) => s + v * (target[i] - mean(target)), 0))
  for (let j = 0; j < m.length; j++)
    for (let k = j + 1; k < m.length; k++) {
      const factor = m[k][j] / m[j][j]
      for (let l = j; l < m.length; l++) m[k][l] -= factor * m[j][l]
      right[k] -= factor * right[j]
    }
  const b: number[] = []
  for (let j = m.length - 1; j >= 0; j--)
    b[j] = (right[j] - m[j].reduce((s, v, l) => s + (l > j ? v * b[l] : 0), 0)) / m[j][j]
  return (row) => row.reduce((sum, value, p) => sum + (b[p] * (value - means[p])) / sds[p], mean(target))
}

describe('linear regression', () => {
  it.each([0, 10, 1000])('with a penalty of %d rows agrees with the normal equations', async (ridge) => {
    const table = moisture(300)
    const model = await fitModel(table, null, settings(ridge), options)
    const plain = plainRidge(table.columns, table.target, ridge)
    const predicted = await model.predict(table.columns, 300, 2)
    predicted.forEach((value, i) => expect(value).toBeCloseTo(plain(table.columns.map((column) => column[i])), 7))
  })

  it('gives a plane back exactly, and comes back from its file as it was', async () => {
    const table = moisture(100, 0)
    const model = await fitModel(table, null, settings(), options)
    const predicted = await model.predict(table.columns, 100, 1)
    predicted.forEach((value, i) => expect(value).toBeCloseTo(table.target[i], 6))
    expect(model.info).toMatchObject({ type: 'linear', rows: 100, treeCount: 0, target: 'SM' })
    expect(model.info.importance.impurity.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
    const back = decodeModel(model.encode())
    expect(back.info).toEqual(model.info)
    expect(await back.predict(table.columns, 100, 3)).toEqual(predicted)
    expect((await fitModel(table, null, settings(), { ...options, threads: 4 })).encode()).toEqual(model.encode())
  })

  it('shrinks towards the mean as if so many rows said that no predictor matters', async () => {
    // One predictor: the coefficient is that of least squares times n / (n + ridge).
    const { columns, target } = moisture(200)
    const table = { predictors: ['LST'], columns: [columns[0]], target }
    const mean = target.reduce((a, b) => a + b) / 200
    const [least, shrunk] = await Promise.all(
      [0, 200].map(async (ridge) =>
        (await fitModel(table, null, settings(ridge), options)).predict([columns[0]], 200, 1),
      ),
    )
    shrunk.forEach((value, i) => expect(value - mean).toBeCloseTo((least[i] - mean) / 2, 6))
  })

  it('shares a coefficient between predictors that say the same, and gives none to a constant', async () => {
    const { columns, target } = moisture(150)
    const sand = Float32Array.from(columns[2], (clay) => 100 - clay)
    const table = {
      predictors: ['NDVI', 'clay', 'sand', 'one'],
      columns: [columns[1], columns[2], sand, new Float32Array(150).fill(7)],
      target,
    }
    const model = await fitModel(table, null, settings(), options)
    const alone = await fitModel(
      { predictors: ['NDVI', 'clay'], columns: [columns[1], columns[2]], target },
      null,
      settings(),
      options,
    )
    const [together, apart] = [
      await model.predict(table.columns, 150, 1),
      await alone.predict([columns[1], columns[2]], 150, 1),
    ]
    together.forEach((value, i) => expect(value).toBeCloseTo(apart[i], 6))
    const elsewhere = [...table.columns.slice(0, 3), new Float32Array(150).fill(-99)]
    expect(await model.predict(elsewhere, 150, 1)).toEqual(together)
  })

  it('learns from the rows asked for only; says no value where a predictor is missing; refuses what it cannot do', async () => {
    const table = moisture(100)
    const rows = Int32Array.from({ length: 50 }, (_, i) => 2 * i)
    const half = {
      predictors: table.predictors,
      columns: table.columns.map((column) => Float32Array.from(rows, (row) => column[row])),
      target: Float64Array.from(rows, (row) => table.target[row]),
    }
    const model = await fitModel(table, rows, settings(), options)
    expect(model.encode()).toEqual((await fitModel(half, null, settings(), options)).encode())
    const holed = table.columns.map((column) => column.slice())
    holed[1][3] = Number.NaN
    const predicted = await model.predict(holed, 100, 1)
    expect([...predicted.keys()].filter((i) => Number.isNaN(predicted[i]))).toEqual([3])
    await expect(fitModel({ ...table, columns: holed }, null, settings(), options)).rejects.toMatchObject({
      code: 'bad_table',
    })
    await expect(
      fitModel({ ...table, weights: new Float64Array(100).fill(1) }, null, settings(), options),
    ).rejects.toMatchObject({ code: 'bad_input' })
    expect(() => exportOnnx(model)).toThrow(/Only models of trees/)
  })

  it('refuses a file that is damaged anywhere', async () => {
    const bytes = (await fitModel(moisture(40), null, settings(), options)).encode()
    for (let at = 0; at < bytes.length; at += 7) {
      const damaged = bytes.slice()
      damaged[at] ^= 0x55
      expect(() => decodeModel(damaged), `byte ${at}`).toThrow(/model file/)
    }
    for (const length of [0, 8, 30, bytes.length - 1])
      expect(() => decodeModel(bytes.slice(0, length))).toThrow(/model file/)
  })

  it.skipIf(!debianPython)('agrees with scikit-learn', async () => {
    const table = moisture(200)
    const script = `
import json, sys, numpy as np
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler
d = json.load(sys.stdin); x = np.array(d["x"]).T; y = np.array(d["y"])
z = StandardScaler().fit_transform(x)
print(json.dumps([Ridge(alpha=a).fit(z, y).predict(z).tolist() for a in d["ridge"]]))`
    const ridge = [1e-9, 5, 100]
    const input = JSON.stringify({ x: table.columns.map((column) => [...column]), y: [...table.target], ridge })
    const theirs = JSON.parse(execFileSync(debianPython!, ['-c', script], { input, encoding: 'utf8' })) as number[][]
    for (const [k, alpha] of ridge.entries()) {
      const model = await fitModel(table, null, settings(alpha), options)
      const ours = await model.predict(table.columns, 200, 1)
      ours.forEach((value, i) => expect(value).toBeCloseTo(theirs[k][i], 6))
    }
  })
})
