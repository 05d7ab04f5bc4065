import { describe, expect, test } from 'vitest'
import { groupsOfPredictor, predictorBoxes } from '../../../main/engine/validation/index.ts'

describe('pairs grouped by a predictor', () => {
  test('a box a class, ascending; a pair without the class is in none', () => {
    const { of, groups } = groupsOfPredictor([4, 1, NaN, 4, 1, 7], 'categorical')
    expect(groups.map(({ from }) => from)).toEqual([1, 4, 7])
    expect([...of]).toEqual([1, 0, -1, 1, 0, 2])
  })

  test('thirds of the pairs as ties allow, which do not overlap', () => {
    const { of, groups } = groupsOfPredictor([9, 1, 8, 2, 7, 3, 6, 4, 5], 'continuous')
    expect(groups).toEqual([
      { from: 1, to: 3 },
      { from: 4, to: 6 },
      { from: 7, to: 9 },
    ])
    expect([...of]).toEqual([2, 0, 2, 0, 2, 0, 1, 1, 1])
    // Two thirds of the pairs are flat: there is no second third.
    expect(groupsOfPredictor([0, 0, 0, 0, 5, 6], 'continuous').groups).toEqual([
      { from: 0, to: 0 },
      { from: 5, to: 6 },
    ])
    expect(groupsOfPredictor([NaN, NaN], 'continuous').groups).toEqual([])
  })

  test('a direction has no least value: it falls into quarters of the compass', () => {
    const { of, groups } = groupsOfPredictor([350, 10, 100, 80, 271], 'circular')
    expect([...of]).toEqual([2, 0, 1, 0, 2])
    expect(groups[0]).toEqual({ from: 10, to: 80 })
  })

  test('boxes are of the pairs that are kept, groups of all', () => {
    const groups = groupsOfPredictor([1, 1, 1, 2, 2, NaN], 'categorical')
    const boxes = predictorBoxes(groups, [0.3, 0.1, 0.2, 5, 6, 7], [0, 1, 2, 5])
    expect(boxes).toHaveLength(1)
    expect(boxes[0]).toMatchObject({ from: 1, to: 1, n: 3, median: 0.2, low: 0.1, high: 0.3 })
    expect(boxes[0].bias).toBeCloseTo(0.2, 12)
    expect(boxes[0].rmse).toBeCloseTo(Math.sqrt((0.09 + 0.01 + 0.04) / 3), 12)
  })
})
