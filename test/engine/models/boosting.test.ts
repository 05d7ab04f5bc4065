import { describe, expect, it } from 'vitest'
import { decodeModel, fitModel } from '../../../main/engine/models/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { BoostingSettings } from '../../../main/contract/index.ts'

const options = { seed: 1, threads: 2, target: { name: 'SM', unit: 'm3 m-3' } }

function moisture(rows: number, seed = 5): { predictors: string[]; columns: Float32Array[]; target: Float64Array } {
  const random = new Random(seed)
  const columns = [0, 1, 2].map(() => Float32Array.from({ length: rows }, () => random.uniform()))
  const target = Float64Array.from(
    { length: rows },
    (_, i) => 0.1 + 0.3 * columns[0][i] - 0.1 * columns[1][i] ** 2 + 0.05 * random.normal(),
  )
  return { predictors: ['rain', 'LST', 'clay'], columns, target }
}

const settings = (more: object = {}): BoostingSettings => BoostingSettings.parse({ type: 'boosting', ...more })

function rmse(predicted: Float32Array, target: Float64Array): number {
  return Math.sqrt(predicted.reduce((sum, value, i) => sum + (value - target[i]) ** 2, 0) / target.length)
}

describe('boosting learner', () => {
  it('learns, says what it is, and comes back from its file as it was', async () => {
    const table = moisture(1000)
    const model = await fitModel(table, null, settings({ rounds: 40 }), options)
    expect(model.info).toMatchObject({ type: 'boosting', rows: 1000, treeCount: 40, target: 'SM' })
    expect(model.info.importance.impurity[0]).toBeGreaterThan(model.info.importance.impurity[1])
    expect(rmse(await model.predict(table.columns, 1000, 1), table.target)).toBeLessThan(0.06)
    const back = decodeModel(model.encode())
    expect(back.info).toEqual(model.info)
    expect(await back.predict(table.columns, 1000, 2)).toEqual(await model.predict(table.columns, 1000, 1))
    expect((await fitModel(table, null, settings({ rounds: 40 }), { ...options, threads: 5 })).encode()).toEqual(
      model.encode(),
    )
  })

  it('stops early by the rows kept apart, then learns from all rows for so many rounds', async () => {
    const table = moisture(1200)
    const stoppingRows = Int32Array.from({ length: 240 }, (_, i) => 5 * i)
    const early = settings({ rounds: 500, learningRate: 0.2, earlyStopping: { patience: 10 } })
    const model = await fitModel(table, null, early, { ...options, stoppingRows })
    const { rmse: curve, rows } = model.info.earlyStopping!
    expect(rows).toBe(240)
    expect(curve.length).toBe(model.info.treeCount + 10)
    expect(curve.indexOf(Math.min(...curve))).toBe(model.info.treeCount - 1)
    const plain = await fitModel(table, null, settings({ rounds: model.info.treeCount, learningRate: 0.2 }), options)
    expect(await model.predict(table.columns, 1200, 1)).toEqual(await plain.predict(table.columns, 1200, 1))
    const fresh = moisture(1000, 6)
    const all = await fitModel(table, null, settings({ rounds: 500, learningRate: 0.2 }), options)
    expect(rmse(await model.predict(fresh.columns, 1000, 1), fresh.target)).toBeLessThan(
      rmse(await all.predict(fresh.columns, 1000, 1), fresh.target),
    )
    await expect(fitModel(table, null, early, options)).rejects.toMatchObject({ code: 'bad_input' })
  })

  it('learns from the rows asked for only, and watches only rows among them', async () => {
    const table = moisture(400)
    const rows = Int32Array.from({ length: 200 }, (_, i) => 2 * i)
    const half = {
      predictors: table.predictors,
      columns: table.columns.map((column) => Float32Array.from(rows, (row) => column[row])),
      target: Float64Array.from(rows, (row) => table.target[row]),
    }
    const early = settings({ rounds: 60, earlyStopping: { patience: 5 } })
    const of = await fitModel(table, rows, early, { ...options, stoppingRows: Int32Array.of(0, 1, 2, 3, 40) })
    const alone = await fitModel(half, null, early, { ...options, stoppingRows: Int32Array.of(0, 1, 20) })
    expect(of.encode()).toEqual(alone.encode())
  })
})
