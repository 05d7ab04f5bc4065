import { describe, expect, it } from 'vitest'
import { kinds, reasonCodes } from '../../../main/contract/index.ts'
import type { Block, Kind } from '../../../main/contract/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { aggregateLevels } from '../../../main/engine/raster/index.ts'

const made = (rows: number, cols: number, kind: Kind): Block => {
  const random = new Random(7)
  const values = new Float32Array(rows * cols)
  const reasons = new Uint8Array(rows * cols)
  for (let i = 0; i < values.length; i++) {
    // Gaps in patches, so that whole cells of several levels are without a value.
    const [row, col] = [Math.floor(i / cols), i % cols]
    const isGap = (row < 9 && col < 11) || random.uniform() < 0.2
    reasons[i] = isGap
      ? [reasonCodes.no_data, reasonCodes.masked, reasonCodes.too_old][Math.floor(random.uniform() * 3)]
      : 0
    const value = {
      continuous: random.uniform(),
      decibel: -20 * random.uniform(),
      circular: 360 * random.uniform(),
      categorical: Math.floor(5 * random.uniform()),
    }[kind]
    values[i] = isGap ? Number.NaN : value
  }
  return { rows, cols, values, reasons }
}

/** One cell of a level, by the definition. */
function plain(block: Block, kind: Kind, level: number, row: number, col: number): { value: number; reason: number } {
  const [found, lacks]: [number[], number[]] = [[], []]
  for (let r = row * 2 ** level; r < Math.min(block.rows, (row + 1) * 2 ** level); r++)
    for (let c = col * 2 ** level; c < Math.min(block.cols, (col + 1) * 2 ** level); c++) {
      const i = r * block.cols + c
      if (block.reasons[i] === 0) found.push(block.values[i])
      else lacks.push(block.reasons[i])
    }
  const mode = (all: number[]): number =>
    [...new Set(all)]
      .sort((a, b) => a - b)
      .reduce((best, each) =>
        all.filter((v) => v === each).length > all.filter((v) => v === best).length ? each : best,
      )
  const mean = (all: number[]): number => all.reduce((a, b) => a + b, 0) / all.length
  if (found.length === 0) return { value: Number.NaN, reason: mode(lacks) }
  const value = {
    continuous: () => mean(found),
    decibel: () => 10 * Math.log10(mean(found.map((v) => 10 ** (v / 10)))),
    circular: () =>
      ((Math.atan2(
        mean(found.map((v) => Math.sin((v * Math.PI) / 180))),
        mean(found.map((v) => Math.cos((v * Math.PI) / 180))),
      ) *
        180) /
        Math.PI +
        360) %
      360,
    categorical: () => mode(found),
  }[kind]()
  return { value, reason: 0 }
}

describe('aggregateLevels', () => {
  it.each(kinds)('every level of %s is what its base cells give, reasons by majority', (kind) => {
    const block = made(45, 38, kind)
    const levels = aggregateLevels(block, kind, 6)
    expect(levels.map(({ rows, cols }) => [rows, cols])).toEqual([
      [23, 19],
      [12, 10],
      [6, 5],
      [3, 3],
      [2, 2],
      [1, 1],
    ])
    let withoutValue = 0
    for (const [i, { rows, cols, values, reasons }] of levels.entries())
      for (let cell = 0; cell < rows * cols; cell++) {
        const expected = plain(block, kind, i + 1, Math.floor(cell / cols), cell % cols)
        expect(reasons[cell]).toBe(expected.reason)
        if (expected.reason === 0) expect(values[cell]).toBeCloseTo(expected.value, 3)
        else withoutValue++
      }
    expect(withoutValue).toBeGreaterThan(10)
  })

  it('directions that cancel have no mean', () => {
    const block = { rows: 2, cols: 2, values: Float32Array.of(0, 180, 90, 270), reasons: new Uint8Array(4) }
    const [{ values, reasons }] = aggregateLevels(block, 'circular', 1)
    expect([values[0], reasons[0]]).toEqual([Number.NaN, reasonCodes.not_finite])
  })
})
