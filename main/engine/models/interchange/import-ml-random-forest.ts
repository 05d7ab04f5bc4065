import { z } from 'zod'
import type { Model } from '../model.ts'
import { assembleModel } from './assemble-model.ts'
import type { ImportOptions } from './assemble-model.ts'
import { damaged } from './complaints.ts'
import { emptyTrees } from './foreign-trees.ts'
import type { ForeignModel } from './foreign-trees.ts'
import { highestBelow } from './float-limits.ts'

/** What `RandomForestRegression.toJSON()` of the npm package ml-random-forest 2.1 gives. A node with a `distribution` is a
 *  leaf; any other has `left` for values < `splitValue` of column `splitColumn` of the tree's own columns, and `right`. */
const SavedForest = z.object({
  name: z.literal('RFRegression'),
  selectionMethod: z.enum(['mean', 'median']),
  baseModel: z.object({
    indexes: z.array(z.array(z.int().min(0).max(254)).min(1)).min(1),
    seed: z.number().nullish(),
    estimators: z.array(z.object({ name: z.literal('DTRegression'), root: z.unknown() })).min(1),
  }),
})

/** Takes over a model trained with ml-random-forest, so that it predicts natively and lives in a model file.
 *  Predictions equal those of the package for predictors that are float32 numbers, up to the rounding of its leaves to float32.
 *  @param json the saved model, parsed or as text
 *  @throws bad_model saying where; bad_input, too_large */
export function importMlRandomForest(json: unknown, options: ImportOptions = {}): Model {
  return assembleModel(readMlRandomForest(json), options)
}

/** @throws bad_model, too_large */
export function readMlRandomForest(json: unknown): ForeignModel {
  const saved = parse(json)
  const { indexes, estimators, seed } = saved.baseModel
  if (indexes.length !== estimators.length)
    throw damaged('ml-random-forest', `it has ${estimators.length} trees but ${indexes.length} column lists`)
  const trees = estimators.map(({ root }, t) => nodesOf(root, `tree ${t + 1}`))
  const roots = new Int32Array(trees.length)
  let total = 0
  for (const [t, nodes] of trees.entries()) {
    roots[t] = total
    total += nodes.length
  }
  const result = emptyTrees(total, roots)
  for (const [t, nodes] of trees.entries())
    for (const [i, node] of nodes.entries()) {
      const at = roots[t] + i
      const fault = (found: string): Error => damaged('ml-random-forest', `tree ${t + 1}, node ${i + 1}: ${found}`)
      if (node.children === null) {
        const { distribution } = node.saved
        if (typeof distribution !== 'number' || !Number.isFinite(distribution))
          throw fault('its leaf has no finite value')
        result.value[at] = distribution
        continue
      }
      const { splitValue, splitColumn } = node.saved
      const column = typeof splitColumn === 'number' ? indexes[t][splitColumn] : undefined
      if (typeof splitValue !== 'number' || column === undefined) throw fault('its split has no column or value')
      result.predictor[at] = column
      result.highestLeft[at] = highestBelow(splitValue)
      result.left[at] = roots[t] + node.children[0]
      result.right[at] = roots[t] + node.children[1]
    }
  return {
    format: 'ml-random-forest',
    trees: result,
    predictorCount: indexes.reduce((most, columns) => Math.max(most, ...columns), 0) + 1,
    isCountOpen: true,
    predictors: null,
    aggregate: saved.selectionMethod,
    base: 0,
    seed: seed ?? 0,
    notes: [],
  }
}

function parse(json: unknown): z.infer<typeof SavedForest> {
  let value = json
  if (typeof json === 'string')
    try {
      value = JSON.parse(json)
    } catch (fault) {
      throw damaged('ml-random-forest', `it is not JSON (${(fault as Error).message})`)
    }
  const result = SavedForest.safeParse(value)
  if (result.success) return result.data
  const { path, message } = result.error.issues[0]
  throw damaged('ml-random-forest', `at ${path.join('.') || 'its top'}: ${message}`)
}

interface SavedNode {
  readonly saved: Record<string, unknown>
  /** Their places in the list; null for a leaf. */
  children: [number, number] | null
}

/** A tree's nodes in a list, in preorder, without recursion: a chain of splits may be longer than the call stack. */
function nodesOf(root: unknown, name: string): SavedNode[] {
  const nodes: SavedNode[] = []
  const waiting: { value: unknown; parent: SavedNode | null; side: 0 | 1 }[] = [{ value: root, parent: null, side: 0 }]
  while (waiting.length > 0) {
    const { value, parent, side } = waiting.pop()!
    if (typeof value !== 'object' || value === null)
      throw damaged('ml-random-forest', `${name}, node ${nodes.length + 1}: it is missing`)
    if (parent) parent.children![side] = nodes.length
    const saved = value as Record<string, unknown>
    const isLeaf = saved.left === undefined && saved.right === undefined
    const node: SavedNode = { saved, children: isLeaf ? null : [-1, -1] }
    nodes.push(node)
    if (!isLeaf)
      waiting.push({ value: saved.right, parent: node, side: 1 }, { value: saved.left, parent: node, side: 0 })
  }
  return nodes
}
