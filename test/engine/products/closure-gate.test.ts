import { describe, expect, it } from 'vitest'
import type { ClosureGate, Grid } from '../../../main/contract/index.ts'
import { coarseCellsOf, coarseWindow, correctResidual, windowGrid } from '../../../main/engine/geostatistics/index.ts'
import { closureFault, openCells } from '../../../main/engine/products/closure-gate.ts'

const fine: Grid = { crs: 'EPSG:32633', transform: [400_000, 1000, 0, 5_100_000, 0, -1000], rows: 24, cols: 36 }
/** Two cells further north and three further west than the fine grid, so that its window begins inside it. */
const grids: Record<string, Grid> = {
  'cells that fit': { ...fine, transform: [382_000, 6000, 0, 5_112_000, 0, -6000], rows: 9, cols: 14 },
  'cells that cut others': { ...fine, transform: [380_300, 6400, 0, 5_113_100, 0, -6400], rows: 9, cols: 14 },
}
const limits = [0.17, 0.4] as const
const trendAt = (i: number): number => (i % 11 === 0 ? NaN : 0.25 + 0.06 * Math.sin(i / 50))

describe.each(Object.keys(grids))('open cells: %s', (name) => {
  const own = grids[name]
  const coarseAt = (row: number, col: number): number => 0.25 + 0.09 * Math.sin(row * 5 + col * 3)
  const window = coarseWindow(fine, own)
  const part = windowGrid(window)
  const values = Float32Array.from({ length: window.rows * window.cols }, (_, i) =>
    coarseAt(window.row + Math.floor(i / window.cols), window.col + (i % window.cols)),
  )
  const correct = () =>
    correctResidual(
      Float32Array.from({ length: fine.rows * fine.cols }, (_, i) => trendAt(i)),
      values,
      coarseCellsOf(fine, part),
      { method: 'atp', limits },
    )

  it('are the worst of all and the worst of those without a cut cell, by plain lines', async () => {
    const found = await correct()
    // A fine cell at a limit was cut; it is in every coarse cell it overlaps.
    const plain = new Map<string, { difference: number; cut: number }>()
    for (let row = 0; row < own.rows; row++)
      for (let col = 0; col < own.cols; col++) {
        let [sum, area, cut] = [0, 0, 0]
        for (let i = 0; i < found.values.length; i++) {
          if (Number.isNaN(found.values[i])) continue
          const overlap = (axis: 0 | 3, step: 1 | 5, at: number, coarseAt: number): number => {
            const [a, b] = [
              fine.transform[axis] + at * fine.transform[step],
              own.transform[axis] + coarseAt * own.transform[step],
            ]
            const [a2, b2] = [a + fine.transform[step], b + own.transform[step]]
            return Math.max(0, Math.min(Math.max(a, a2), Math.max(b, b2)) - Math.max(Math.min(a, a2), Math.min(b, b2)))
          }
          const share = overlap(3, 5, Math.floor(i / fine.cols), row) * overlap(0, 1, i % fine.cols, col)
          if (share < 1) continue
          sum += share * found.values[i]
          area += share
          if (found.values[i] === Math.fround(limits[0]) || found.values[i] === Math.fround(limits[1])) cut++
        }
        if (area > 0) plain.set(`${row} ${col}`, { difference: sum / area - Math.fround(coarseAt(row, col)), cut })
      }
    const open = openCells(found, window)
    const worst = Math.max(...[...plain.values()].map(({ difference }) => Math.abs(difference)))
    expect(worst).toBeGreaterThan(1e-3)
    const { row, col, difference, cut, x, y, crs } = open.any!
    expect(plain.get(`${row} ${col}`)!.cut).toBe(cut)
    expect(Math.abs(difference)).toBeCloseTo(worst, 7)
    expect([x, y, crs]).toEqual([
      own.transform[0] + (col + 0.5) * own.transform[1],
      own.transform[3] + (row + 0.5) * own.transform[5],
      'EPSG:32633',
    ])
    // All others close.
    expect(open.uncut).toBeNull()
    for (const each of plain.values()) if (each.cut === 0) expect(Math.abs(each.difference)).toBeLessThan(2e-6)
    const cells = [...plain.values()].filter((each) => each.cut > 0).length
    expect(Array.from(found.cutCells).filter((count) => count > 0)).toHaveLength(cells)
  })

  it('stop a map, or not, as the gate says', async () => {
    const found = await correct()
    const open = openCells(found, window)
    const asked = {
      closure: found.closure,
      clamped: found.clamped,
      unit: 'm3 m-3',
      map: 'The map of 2018-07-04',
      settings: { clamp: '`clamp`', gate: '`gate`' },
    }
    const isStopped = (gate: ClosureGate, method: 'atp' | 'krige', cells: Partial<typeof open> | undefined): boolean =>
      closureFault({ ...asked, gate, method, open: cells && { ...open, ...cells } }) !== null
    // Only cut cells are open.
    expect(['stop', 'strict', 'warn'].map((gate) => isStopped(gate as ClosureGate, 'atp', {}))).toEqual([
      false,
      true,
      false,
    ])
    expect(['stop', 'strict', 'warn'].map((gate) => isStopped(gate as ClosureGate, 'krige', {}))).toEqual([
      false,
      false,
      false,
    ])
    // Another is, too.
    const uncut = { uncut: { ...open.any!, cut: 0 } }
    expect(['stop', 'strict', 'warn'].map((gate) => isStopped(gate as ClosureGate, 'atp', uncut))).toEqual([
      true,
      true,
      false,
    ])
    // A record of before cells were kept: where something was cut, that may be why.
    expect(['stop', 'strict', 'warn'].map((gate) => isStopped(gate as ClosureGate, 'atp', undefined))).toEqual([
      false,
      true,
      false,
    ])

    const fault = closureFault({ ...asked, gate: 'strict', method: 'atp', open })!
    const { row, col, difference, cut } = open.any!
    expect(fault).toMatchObject({ code: 'not_closed', details: { row, col, difference, cut, tolerance: 1e-6 } })
    expect(fault.message).toMatch(
      new RegExp(
        `^The map of 2018-07-04 does not average to the coarse values: over the coarse cell in row ${row}, column ${col} .* EPSG:32633\\) it is ` +
          `${Math.abs(difference).toExponential(1)} m3 m-3 too ${difference > 0 ? 'high' : 'low'}; at most 1e-6 m3 m-3 was needed\\. ` +
          `${cut} fine cells in it were cut to the limits: widen or drop \`clamp\`, or set \`gate\` to "warn"`,
      ),
    )
  })
})
