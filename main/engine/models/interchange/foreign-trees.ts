import { LoamError } from '../../../contract/index.ts'
import type { Aggregate } from '../../../native/index.ts'
import { damaged } from './complaints.ts'
import type { ForeignFormat } from './complaints.ts'

/** Trees of another program's model. The nodes of all trees lie in the same arrays, in any order. */
export interface ForeignTrees {
  /** Predictor a node splits on; −1 for a leaf. */
  readonly predictor: Int32Array
  /** The highest float32 that goes left; Infinity sends every cell left, −Infinity every cell right. */
  readonly highestLeft: Float32Array
  /** Children; −1 for a leaf. */
  readonly left: Int32Array
  readonly right: Int32Array
  /** Of a leaf; NaN for a split. */
  readonly value: Float64Array
  /** First node of each tree. */
  readonly roots: Int32Array
}

/** What a foreign file was found to hold. */
export interface ForeignModel {
  readonly format: ForeignFormat
  readonly trees: ForeignTrees
  /** Columns the model was trained on. */
  readonly predictorCount: number
  /** The file does not tell their number; `predictorCount` is the fewest there can be. Default false. */
  readonly isCountOpen?: boolean
  /** Their names in the file, if it has any. */
  readonly predictors: string[] | null
  readonly aggregate: Aggregate
  /** Added to what the trees give. */
  readonly base: number
  readonly seed?: number
  /** What a user should know of how the file was understood. */
  readonly notes: string[]
}

/** More nodes than any forest in use; a file that claims more is not read on. */
export const maxNodes = 50_000_000

/** Room for a number of nodes, all of them leaves without a value yet.
 *  @throws too_large */
export function emptyTrees(nodeCount: number, roots: Int32Array): ForeignTrees {
  if (nodeCount > maxNodes)
    throw new LoamError(
      'too_large',
      `The model has ${nodeCount} nodes; Loam takes over up to ${maxNodes}. Train it with larger leaves or fewer trees.`,
    )
  return {
    predictor: new Int32Array(nodeCount).fill(-1),
    highestLeft: new Float32Array(nodeCount),
    left: new Int32Array(nodeCount).fill(-1),
    right: new Int32Array(nodeCount).fill(-1),
    value: new Float64Array(nodeCount).fill(Number.NaN),
    roots,
  }
}

/** Nodes of whole trees, tree after tree, each in preorder: the left child of a split is the next node. */
export interface PreorderTrees {
  readonly count: number
  readonly treeSizes: number[]
  /** −1 for a leaf. */
  readonly predictor: Int32Array
  readonly highestLeft: Float32Array
  /** Right child, counted from the tree's root. */
  readonly right: Uint32Array
  readonly value: Float32Array
}

/** Puts trees in preorder. Splits that send every cell the same way are left out.
 *  Every node may be met once at most, so cycles and shared branches are found and the walk ends whatever the file says.
 *  @throws bad_model naming tree and node as the file counts them, from 0 */
export function inPreorder(trees: ForeignTrees, predictorCount: number, format: ForeignFormat): PreorderTrees {
  const total = trees.predictor.length
  const met = new Uint8Array(total)
  const out = {
    predictor: new Int32Array(total),
    highestLeft: new Float32Array(total),
    right: new Uint32Array(total),
    value: new Float32Array(total),
  }
  const treeSizes: number[] = []
  let count = 0
  for (const [t, root] of trees.roots.entries()) {
    const start = count
    // Pairs of a node and the split (its place in `out`) whose right child it is, or −1. A chain of splits may be longer
    // than the call stack, so there is no recursion.
    const waiting = [root, -1]
    while (waiting.length > 0) {
      const parent = waiting.pop()!
      const node = waiting.pop()!
      const fault = (found: string): LoamError =>
        damaged(format, `tree ${t}, node ${node - Math.min(root, node)}: ${found}`)
      if (node < 0 || node >= total) throw damaged(format, `tree ${t} has a child that does not exist`)
      if (met[node]) throw fault('it is the child of two nodes')
      met[node] = 1
      const predictor = trees.predictor[node]
      if (predictor >= 0) {
        if (predictor >= predictorCount)
          throw fault(`it splits on column ${predictor}, of ${predictorCount} columns counted from 0`)
        const limit = trees.highestLeft[node]
        if (Number.isNaN(limit)) throw fault('its threshold is not a number')
        if (limit === Infinity) {
          waiting.push(trees.left[node], parent)
          continue
        }
        if (limit === -Infinity) {
          waiting.push(trees.right[node], parent)
          continue
        }
        out.highestLeft[count] = limit
        waiting.push(trees.right[node], count, trees.left[node], -1)
      } else {
        out.value[count] = trees.value[node]
        if (!Number.isFinite(out.value[count]))
          throw fault(`its value ${trees.value[node]} is not a finite float32 number`)
      }
      out.predictor[count] = predictor
      if (parent >= 0) out.right[parent] = count - start
      count++
    }
    treeSizes.push(count - start)
  }
  return { count, treeSizes, ...out }
}
