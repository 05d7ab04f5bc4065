import { describe, expect, test } from 'vitest'
import { tileWindows } from '../../../main/engine/runs/part-keys.ts'
import { shareOf } from '../../../main/engine/runs/run-task.ts'

describe('shares of a run', () => {
  test('any division covers the list once, in order, in shares that differ by one at most', () => {
    for (const length of [0, 1, 7, 64, 365])
      for (const of of [1, 2, 3, 8, 200]) {
        const list = Array.from({ length }, (_, i) => i)
        const shares = Array.from({ length: of }, (_, task) => shareOf(list, { task, of }))
        expect(shares.flat()).toEqual(list)
        const sizes = shares.map((share) => share.length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }
  })
})

describe('tiles of the fine grid', () => {
  test('every cell lies in exactly one tile', () => {
    const fineGrid = { crs: 'EPSG:32632', transform: [0, 10, 0, 0, 0, -10] as const, rows: 11, cols: 7 }
    const seen = new Uint8Array(11 * 7)
    for (const { row, col, rows, cols } of tileWindows({
      fineGrid: { ...fineGrid, transform: [...fineGrid.transform] },
      tileSize: 4,
    }))
      for (let r = row; r < row + rows; r++) for (let c = col; c < col + cols; c++) seen[r * 7 + c]++
    expect([...new Set(seen)]).toEqual([1])
  })
})
