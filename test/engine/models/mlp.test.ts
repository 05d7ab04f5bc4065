import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { MlpSettings } from '../../../main/contract/index.ts'
import { decodeModel, fitModel } from '../../../main/engine/models/index.ts'
import { backward, drawNetwork, forward, outputsOf, scratchOf } from '../../../main/engine/models/network.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { debianPython } from './debian-python.ts'

const options = { seed: 1, threads: 2, target: { name: 'SM', unit: 'm3 m-3' } }
const settings = (more: object = {}): MlpSettings => MlpSettings.parse({ type: 'mlp', epochs: 60, ...more })

function moisture(rows: number, seed = 5) {
  const random = new Random(seed)
  const columns = [20, 1, 40].map((scale) => Float32Array.from({ length: rows }, () => scale * random.uniform()))
  const target = Float64Array.from(
    { length: rows },
    (_, i) => 0.2 + 0.08 * Math.sin(columns[0][i] / 4) + 0.1 * columns[1][i] ** 2 + 0.01 * random.normal(),
  )
  return { predictors: ['LST', 'NDVI', 'clay'], columns, target }
}

const rmse = (predicted: Float32Array, target: Float64Array): number =>
  Math.sqrt(predicted.reduce((sum, value, i) => sum + (value - target[i]) ** 2, 0) / target.length)

describe('a network', () => {
  it('by hand: two units, one of them off', () => {
    // h1 = max(0, 2·3 − 1) = 5, h2 = max(0, −3) = 0; output 0.5·5 + 7·0 + 0.25 = 2.75.
    const network = { sizes: [1, 2, 1], weights: Float64Array.of(2, -1, -1, 0, 0.5, 7, 0.25) }
    const scratch = scratchOf(network)
    scratch.values[0][0] = 3
    expect(forward(network, scratch)).toBe(2.75)
    expect(outputsOf(network, [Float64Array.of(3, -1)], 2)).toEqual(Float64Array.of(2.75, 0 * 0.5 + 7 * 1 + 0.25))
    // Slopes of ½ (2.75 − 2)²: 0.75 times 5, 0 and 1 above; below 0.75 · 0.5 times 3 and 1 for the unit that is on.
    const gradient = new Float64Array(7)
    backward(network, scratch, 2, gradient)
    expect([...gradient]).toEqual([1.125, 0, 0.375, 0, 3.75, 0, 0.75])
  })

  it('has the slopes that small steps of its weights show', () => {
    const network = drawNetwork([3, 7, 5, 1], new Random(4))
    const scratch = scratchOf(network)
    scratch.values[0].set([0.3, -1.2, 0.8])
    const goal = 0.4
    const loss = (): number => (forward(network, scratch) - goal) ** 2 / 2
    const gradient = new Float64Array(network.weights.length)
    loss()
    backward(network, scratch, goal, gradient)
    for (let w = 0; w < network.weights.length; w++) {
      const own = network.weights[w]
      network.weights[w] = own + 1e-6
      const up = loss()
      network.weights[w] = own - 1e-6
      const down = loss()
      network.weights[w] = own
      expect((up - down) / 2e-6).toBeCloseTo(gradient[w], 7)
    }
  })
})

describe('neural network learner', () => {
  it('learns what bends, says what it is, comes back from its file, and is the same on any number of threads', async () => {
    const table = moisture(800)
    const model = await fitModel(table, null, settings(), options)
    const fresh = moisture(500, 6)
    expect(rmse(await model.predict(fresh.columns, 500, 1), fresh.target)).toBeLessThan(0.018)
    expect(model.info).toMatchObject({ type: 'mlp', rows: 800, treeCount: 0 })
    const [lst, ndvi, clay] = model.info.importance.impurity
    expect(lst).toBeGreaterThan(clay)
    expect(ndvi).toBeGreaterThan(clay)
    const cells = moisture(3000, 77).columns
    cells[1][1500] = Number.NaN
    const one = await model.predict(cells, 3000, 1)
    expect([...one.keys()].filter((i) => Number.isNaN(one[i]))).toEqual([1500])
    const back = decodeModel(model.encode())
    expect(back.info).toEqual(model.info)
    expect(await back.predict(cells, 3000, 4)).toEqual(one)
    expect((await fitModel(table, null, settings(), { ...options, threads: 5 })).encode()).toEqual(model.encode())
    expect((await fitModel(table, null, settings(), { ...options, seed: 2 })).encode()).not.toEqual(model.encode())
  })

  it('stops by the rows kept apart, then learns from all rows for so many epochs', async () => {
    const table = moisture(300)
    const stoppingRows = Int32Array.from({ length: 60 }, (_, i) => 5 * i)
    const stopping = settings({ epochs: 400, learningRate: 0.02, stopping: { patience: 8 } })
    const model = await fitModel(table, null, stopping, { ...options, stoppingRows })
    const { rmse: curve, rows } = model.info.earlyStopping!
    expect(rows).toBe(60)
    const best = curve.indexOf(Math.min(...curve))
    expect(curve.length).toBe(best + 1 + 8)
    expect(model.info.settings).toMatchObject({ epochs: best + 1 })
    const plain = await fitModel(table, null, settings({ epochs: best + 1, learningRate: 0.02 }), options)
    expect(await model.predict(table.columns, 300, 1)).toEqual(await plain.predict(table.columns, 300, 1))
    await expect(fitModel(table, null, stopping, options)).rejects.toMatchObject({ code: 'bad_input' })
  })

  it('bends less with a penalty, and says the mean under a great one', async () => {
    const table = moisture(200)
    const mean = table.target.reduce((a, b) => a + b) / 200
    const model = await fitModel(table, null, settings({ penalty: 100, epochs: 100 }), options)
    for (const value of await model.predict(table.columns, 200, 1)) expect(Math.abs(value - mean)).toBeLessThan(0.01)
  })

  it('stops on request', async () => {
    const stop = new AbortController()
    const fitting = fitModel(moisture(2000), null, settings({ epochs: 5000 }), { ...options, signal: stop.signal })
    stop.abort()
    await expect(fitting).rejects.toMatchObject({ code: 'cancelled' })
  })

  it.skipIf(!debianPython)('errs on fresh rows as scikit-learn does with the same settings', async () => {
    const [table, fresh] = [moisture(600), moisture(400, 6)]
    const script = `
import json, sys, warnings, numpy as np
warnings.simplefilter("ignore")
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import StandardScaler
d = json.load(sys.stdin); x, f = np.array(d["x"]).T, np.array(d["f"]).T; y = np.array(d["y"]).reshape(-1, 1)
a, b = StandardScaler().fit(x), StandardScaler().fit(y)
out = []
for s in range(5):
    m = MLPRegressor((32, 16), alpha=0, learning_rate_init=0.005, batch_size=32, max_iter=60, tol=0, n_iter_no_change=1000, random_state=s)
    m.fit(a.transform(x), b.transform(y).ravel())
    p = b.inverse_transform(m.predict(a.transform(f)).reshape(-1, 1)).ravel()
    out.append(float(np.sqrt(np.mean((p - np.array(d["g"])) ** 2))))
print(json.dumps(out))`
    const lists = (columns: Float32Array[]) => columns.map((column) => [...column])
    const input = JSON.stringify({
      x: lists(table.columns),
      y: [...table.target],
      f: lists(fresh.columns),
      g: [...fresh.target],
    })
    const theirs = JSON.parse(execFileSync(debianPython!, ['-c', script], { input, encoding: 'utf8' })) as number[]
    const ours: number[] = []
    for (const seed of [1, 2, 3, 4, 5]) {
      const model = await fitModel(table, null, settings({ penalty: 0 }), { ...options, seed })
      ours.push(rmse(await model.predict(fresh.columns, 400, 1), fresh.target))
    }
    // Weights start elsewhere, so only what they reach can be compared: over five seeds the spread is some 5 %.
    const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length
    expect(mean(ours) / mean(theirs)).toBeGreaterThan(0.85)
    expect(mean(ours) / mean(theirs)).toBeLessThan(1.15)
  })
})
