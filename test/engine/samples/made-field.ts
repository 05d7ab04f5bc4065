import { reasonCodes } from '../../../main/contract/index.ts'
import type { Day, Grid, GridWindow, Reason } from '../../../main/contract/index.ts'
import type { Field } from '../../../main/engine/fields/index.ts'

export interface MadeField extends Field {
  /** Every window and day it was read on. */
  readonly reads: { window: GridWindow; day: Day }[]
}

/** A field from a function of the cell (row, col of the window's grid) and day: a number, or the reason for having none. */
export function fieldOf(
  name: string,
  times: Field['times'],
  value: (row: number, col: number, day: Day, grid: Grid) => number | Reason,
): MadeField {
  const reads: MadeField['reads'] = []
  return {
    id: name,
    name,
    idOn: (day) => `${name} ${day}`,
    unit: '1',
    kind: 'continuous',
    times,
    nativeGrid: null,
    lineage: name,
    reads,
    async read(window, day) {
      reads.push({ window, day })
      const values = new Float32Array(window.rows * window.cols)
      const reasons = new Uint8Array(values.length)
      for (let i = 0; i < values.length; i++) {
        const found = value(window.row + Math.floor(i / window.cols), window.col + (i % window.cols), day, window.grid)
        values[i] = typeof found === 'number' ? found : NaN
        reasons[i] = typeof found === 'number' ? 0 : reasonCodes[found]
      }
      return { rows: window.rows, cols: window.cols, values, reasons }
    },
  }
}
