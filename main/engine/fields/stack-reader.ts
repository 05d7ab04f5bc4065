import { reasonCodes } from '../../contract/index.ts'
import type { Block, Day, GridWindow } from '../../contract/index.ts'
import type { Field, ReadOptions } from './field.ts'

/** Several fields on one window and day, cell by cell in step. */
export interface Stack {
  /** One Float32Array[rows × cols] per field, in the fields' order; NaN where that field has no value. */
  readonly columns: Float32Array[]
  /** Reason of the first field without a value; 0 where every field has one. */
  readonly reasons: Uint8Array
  /** Index of that field; −1 where every field has a value. */
  readonly missingField: Int16Array
}

/** Fields read at the same time: enough to overlap decoding with computing, few enough to bound memory. */
const atOnce = 4

/** A reader of several fields at once. What it returns belongs to the caller. */
export function stackReader(
  fields: readonly Field[],
): (window: GridWindow, day: Day, options?: ReadOptions) => Promise<Stack> {
  return async (window, day, options) => {
    const blocks: Block[] = []
    let next = 0
    const work = async (): Promise<void> => {
      while (next < fields.length) {
        const index = next++
        blocks[index] = await fields[index].read(window, day, options)
      }
    }
    await Promise.all(Array.from({ length: Math.min(atOnce, fields.length) }, work))

    const cells = window.rows * window.cols
    const reasons = new Uint8Array(cells)
    const missingField = new Int16Array(cells).fill(-1)
    const { none } = reasonCodes
    blocks.forEach((block, field) => {
      for (let i = 0; i < cells; i++)
        if (reasons[i] === none && block.reasons[i] !== none) {
          reasons[i] = block.reasons[i]
          missingField[i] = field
        }
    })
    return { columns: blocks.map((block) => block.values), reasons, missingField }
  }
}
