import { damaged, unsupported } from './complaints.ts'
import { emptyTrees } from './foreign-trees.ts'
import type { ForeignModel, ForeignTrees } from './foreign-trees.ts'
import { highestAtMost, highestBelow } from './float-limits.ts'
import { onnxDouble, onnxFloat } from './onnx-file.ts'
import type { OnnxNode } from './onnx-file.ts'

type Ensemble = Pick<ForeignModel, 'trees' | 'aggregate' | 'base'>

interface Mode {
  /** The highest float32 that goes to the lower side of a threshold. */
  limit(threshold: number): number
  /** Whether the lower side is the one where the condition is true. */
  isTrueBelow: boolean
}

/** The ways to compare, in the order of TreeEnsemble's codes 0 to 3. */
const modes: [string, Mode][] = [
  ['BRANCH_LEQ', { limit: highestAtMost, isTrueBelow: true }],
  ['BRANCH_LT', { limit: highestBelow, isTrueBelow: true }],
  ['BRANCH_GTE', { limit: highestBelow, isTrueBelow: false }],
  ['BRANCH_GT', { limit: highestAtMost, isTrueBelow: false }],
]
const modeByName = new Map(modes)

/** TreeEnsembleRegressor, versions 1 to 5 of ai.onnx.ml. A node is found by its tree's and its own number, in any order; the
 *  root of a tree is the node that no other points to. */
export function readTreeEnsembleRegressor(node: OnnxNode): Ensemble {
  const treeIds = numbers(node, 'nodes_treeids')
  const count = treeIds.length
  const [ids, columns, trueIds, falseIds] = [
    'nodes_nodeids',
    'nodes_featureids',
    'nodes_truenodeids',
    'nodes_falsenodeids',
  ].map((name) => numbers(node, name, count))
  const thresholds = numbers(node, 'nodes_values', count)
  const names = node.attributes.get('nodes_modes')?.texts ?? []
  if (names.length !== count) throw damaged('onnx', `nodes_modes holds ${names.length} words for ${count} nodes`)
  const targets = numbers(node, 'target_ids')
  needOneTarget(node, targets)
  needPlain(text(node, 'post_transform', 'NONE'))
  const aggregate = aggregateOf(text(node, 'aggregate_function', 'SUM'))

  const places = placesOf(treeIds, ids)
  const trees = emptyTrees(count, new Int32Array(places.size).fill(-1))
  const hasParent = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    if (names[i] === 'LEAF') continue
    const mode = modeByName.get(names[i])
    if (!mode) throw badMode(names[i])
    const child = (ids: ArrayLike<number>): number => {
      const place = places.get(treeIds[i])!.get(ids[i])
      if (place === undefined) throw damaged('onnx', `tree ${treeIds[i]} has no node ${ids[i]}, a child of node ${i}`)
      hasParent[place] = 1
      return place
    }
    setSplit(trees, i, columns[i], thresholds[i], mode, child(trueIds), child(falseIds))
  }
  const treeNumbers = new Map([...places.keys()].map((id, t) => [id, t]))
  for (let i = 0; i < count; i++) {
    if (hasParent[i]) continue
    const t = treeNumbers.get(treeIds[i])!
    if (trees.roots[t] >= 0) throw damaged('onnx', `tree ${treeIds[i]} has two nodes that are no child of another`)
    trees.roots[t] = i
  }
  const rootless = trees.roots.indexOf(-1)
  if (rootless >= 0) throw damaged('onnx', `tree ${[...places.keys()][rootless]} has no first node`)

  const [leafTrees, leafIds] = ['target_treeids', 'target_nodeids'].map((name) => numbers(node, name, targets.length))
  const weights = numbers(node, 'target_weights', targets.length)
  for (let i = 0; i < targets.length; i++) {
    const place = places.get(leafTrees[i])?.get(leafIds[i])
    if (place === undefined || trees.predictor[place] >= 0)
      throw damaged('onnx', `target_weights ${i} is for node ${leafIds[i]} of tree ${leafTrees[i]}, which is no leaf`)
    if (!Number.isNaN(trees.value[place]))
      throw damaged('onnx', `node ${leafIds[i]} of tree ${leafTrees[i]} has two values`)
    trees.value[place] = weights[i]
  }
  const bases = numbers(node, 'base_values')
  if (bases.length > 1 || !Number.isFinite(bases[0] ?? 0)) throw damaged('onnx', 'base_values is not one finite number')
  return { trees, aggregate, base: bases[0] ?? 0 }
}

/** TreeEnsemble, from version 5 of ai.onnx.ml: splits and leaves lie in lists of their own, for all trees together. */
export function readTreeEnsemble(node: OnnxNode): Ensemble {
  const columns = numbers(node, 'nodes_featureids')
  const splits = columns.length
  const thresholds = numbers(node, 'nodes_splits', splits)
  const codes = numbers(node, 'nodes_modes', splits)
  const [trueIds, falseIds, trueLeafs, falseLeafs] = [
    'nodes_truenodeids',
    'nodes_falsenodeids',
    'nodes_trueleafs',
    'nodes_falseleafs',
  ].map((name) => numbers(node, name, splits))
  const weights = numbers(node, 'leaf_weights')
  const leaves = weights.length
  needOneTarget(node, numbers(node, 'leaf_targetids', leaves))
  const transform = node.attributes.get('post_transform')?.number ?? 0
  needPlain(transform === 0 ? 'NONE' : `code ${transform}`)
  const aggregate = aggregateOf(
    ['AVERAGE', 'SUM', 'MIN', 'MAX'][node.attributes.get('aggregate_function')?.number ?? 1],
  )
  const roots = numbers(node, 'tree_roots')
  if (roots.some((root) => !(root >= 0 && root < splits)))
    throw damaged('onnx', 'tree_roots names a node that is not there')

  const trees = emptyTrees(splits + leaves, Int32Array.from(roots))
  for (let leaf = 0; leaf < leaves; leaf++) trees.value[splits + leaf] = weights[leaf]
  for (let i = 0; i < splits; i++) {
    const mode = modes[codes[i]]?.[1]
    if (!mode) throw badMode(`code ${codes[i]}`)
    const child = (ids: Float64Array, isLeaf: number): number => {
      if (!(ids[i] >= 0 && ids[i] < (isLeaf ? leaves : splits)))
        throw damaged('onnx', `node ${i} has a child ${ids[i]} that is not there`)
      return isLeaf ? splits + ids[i] : ids[i]
    }
    const whenTrue = child(trueIds, trueLeafs[i])
    const whenFalse = child(falseIds, falseLeafs[i])
    if (whenTrue === whenFalse && trueLeafs[i])
      // So this operator writes a tree that is a single leaf.
      trees.value[i] = weights[trueIds[i]]
    else setSplit(trees, i, columns[i], thresholds[i], mode, whenTrue, whenFalse)
  }
  return { trees, aggregate, base: 0 }
}

function setSplit(
  trees: ForeignTrees,
  i: number,
  column: number,
  threshold: number,
  mode: Mode,
  whenTrue: number,
  whenFalse: number,
): void {
  if (!(column >= 0 && column < 100_000)) throw damaged('onnx', `node ${i} splits on column ${column}`)
  if (Number.isNaN(threshold)) throw damaged('onnx', `the threshold of node ${i} is not a number`)
  trees.predictor[i] = column
  trees.highestLeft[i] = mode.limit(threshold)
  trees.left[i] = mode.isTrueBelow ? whenTrue : whenFalse
  trees.right[i] = mode.isTrueBelow ? whenFalse : whenTrue
}

/** Where each tree's nodes lie, by their numbers. */
function placesOf(treeIds: Float64Array, ids: Float64Array): Map<number, Map<number, number>> {
  const places = new Map<number, Map<number, number>>()
  for (let i = 0; i < treeIds.length; i++) {
    let own = places.get(treeIds[i])
    if (!own) places.set(treeIds[i], (own = new Map()))
    if (own.has(ids[i])) throw damaged('onnx', `tree ${treeIds[i]} has two nodes ${ids[i]}`)
    own.set(ids[i], i)
  }
  return places
}

/** A list of numbers, or the tensor that stands for it when they are doubles; empty if there is none. */
function numbers(node: OnnxNode, name: string, count?: number): Float64Array {
  const list = node.attributes.get(name)
  const tensor = list?.tensor ?? node.attributes.get(`${name}_as_tensor`)?.tensor
  if (tensor && name === 'nodes_splits' && tensor.type !== onnxFloat && tensor.type !== onnxDouble)
    throw unsupported('onnx', `${name} is not of type float or double`, 'Export it for float inputs.')
  const values = tensor?.values ?? list?.numbers.values() ?? new Float64Array(0)
  if (count !== undefined && values.length !== count)
    throw damaged('onnx', `${name} holds ${values.length} numbers, not ${count}`)
  return values
}

function text(node: OnnxNode, name: string, otherwise: string): string {
  return node.attributes.get(name)?.text ?? otherwise
}

function needOneTarget(node: OnnxNode, targets: Float64Array): void {
  if ((node.attributes.get('n_targets')?.number ?? 1) > 1 || targets.some((target) => target !== 0))
    throw unsupported('onnx', 'it predicts several targets', 'Train and export one model for each target.')
}

function needPlain(transform: string): void {
  if (transform !== 'NONE')
    throw unsupported('onnx', `the sum goes through a transform (${transform})`, 'Export a plain regression.')
}

function aggregateOf(name: string | undefined): 'sum' | 'mean' {
  if (name === 'SUM') return 'sum'
  if (name === 'AVERAGE') return 'mean'
  throw unsupported('onnx', `the trees are joined by ${name ?? 'an unknown function'}`, 'Loam knows SUM and AVERAGE.')
}

function badMode(name: string): Error {
  return unsupported('onnx', `a node compares by ${name}`, `Loam knows ${[...modeByName.keys()].join(', ')} and LEAF.`)
}
