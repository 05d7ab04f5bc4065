import { describe, expect, it } from 'vitest'
import { Split } from '../../../main/contract/index.ts'
import { makeFolds } from '../../../main/engine/samples/index.ts'
import { crossValidate } from '../../../main/engine/validation/index.ts'
import { stationRows, tableOf } from '../samples/made-table.ts'

const table = tableOf(stationRows(8, 60, 3))

describe('crossValidate', () => {
  it('predicts each row by a model of the other folds, in the order of the rows', async () => {
    const folds = makeFolds(table, Split.parse({ by: 'place', folds: 4 }), 1)
    const meanOf = (rows: Iterable<number>) => {
      const values = Array.from(rows, (row) => table.target[row])
      return values.reduce((sum, value) => sum + value, 0) / values.length
    }
    const steps: number[] = []
    const predicted = await crossValidate({
      table,
      folds,
      onProgress: (done) => steps.push(done),
      fit: async (rows) => {
        const level = meanOf(rows)
        return async ([, second], n) => Float32Array.from({ length: n }, (_, i) => level + second[i])
      },
    })
    for (let row = 0; row < predicted.length; row++) {
      const others = [...table.target.keys()].filter((other) => folds.fold[other] !== folds.fold[row])
      if (row % 17 === 0) expect(predicted[row]).toBeCloseTo(meanOf(others) + table.columns[1][row], 5)
    }
    expect(predicted.every(Number.isFinite)).toBe(true)
    expect(steps).toEqual([1, 2, 3, 4])
  })

  it('rows no fold tests stay NaN', async () => {
    const folds = makeFolds(table, Split.parse({ by: 'place_and_time', folds: 2 }), 1)
    const predicted = await crossValidate({ table, folds, fit: async () => async (_, n) => new Float32Array(n) })
    predicted.forEach((value, row) => expect(Number.isNaN(value)).toBe(folds.fold[row] < 0))
  })

  it('stops on request before the next fold', async () => {
    const folds = makeFolds(table, Split.parse({ by: 'random' }), 1)
    const stop = new AbortController()
    let fits = 0
    const run = crossValidate({
      table,
      folds,
      signal: stop.signal,
      fit: async () => {
        fits++
        stop.abort()
        return async (_, n) => new Float32Array(n)
      },
    })
    await expect(run).rejects.toThrow(/abort/i)
    expect(fits).toBe(1)
  })
})
