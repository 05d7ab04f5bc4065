import { z } from 'zod'
import { LoamError } from '../../contract/index.ts'
import { assembleForest } from '../../native/index.ts'
import { forestModel, loamVersion, sizeOf } from './forest.ts'
import { asLoam } from './native-fault.ts'
import type { Model } from './model.ts'

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

interface Leaf {
  value: number
}
interface Split {
  predictor: number
  /** The highest float32 that goes left. */
  highestLeft: number
  right: number
}

/** Takes over a model trained with ml-random-forest, so that it predicts natively and lives in a model file.
 *  Predictions equal those of the package for predictors that are float32 numbers, up to the rounding of its leaves to float32.
 *  @param json the saved model, parsed or as text
 *  @param options.predictors names in the order of the columns it was trained on; default x1, x2, …
 *  @throws bad_model saying where; too_large (more than 65 535 thresholds on one predictor) */
export function importMlRandomForest(
  json: unknown,
  options: { predictors?: string[]; target?: { name: string; unit: string } } = {},
): Model {
  const saved = parse(json)
  const { indexes, estimators, seed } = saved.baseModel
  if (indexes.length !== estimators.length)
    throw badModel(`it has ${estimators.length} trees but ${indexes.length} column lists`)
  const needed = indexes.reduce((most, columns) => Math.max(most, ...columns), 0) + 1
  const predictors = options.predictors ?? Array.from({ length: needed }, (_, i) => `x${i + 1}`)
  if (predictors.length < needed)
    throw new LoamError(
      'bad_input',
      `The saved model uses ${needed} columns; ${predictors.length} predictor names were given. Name every column it was trained on.`,
    )

  const trees = estimators.map(({ root }, t) => readTree(root, indexes[t], `tree ${t + 1}`))
  const cuts = predictors.map((name, p) => cutsOf(trees, p, name))
  const { nodes, sizes } = packTrees(trees, cuts)
  try {
    const handle = assembleForest(cuts, sizes, nodes, saved.selectionMethod)
    return forestModel(handle, {
      type: 'forest',
      trainedBy: 'ml-random-forest',
      loamVersion: loamVersion(),
      predictors: [...predictors],
      target: options.target?.name ?? '',
      targetUnit: options.target?.unit ?? '',
      settings: null,
      seed: seed ?? 0,
      rows: 0,
      ...sizeOf(handle),
      ranges: [],
      outOfBag: { n: 0, rmse: Number.NaN, rSquared: Number.NaN },
      importance: { impurity: [], permutation: [], permutationSd: [] },
    })
  } catch (thrown) {
    throw asLoam(thrown)
  }
}

function parse(json: unknown): z.infer<typeof SavedForest> {
  let value = json
  if (typeof json === 'string')
    try {
      value = JSON.parse(json)
    } catch (fault) {
      throw badModel(`it is not JSON (${(fault as Error).message})`)
    }
  const result = SavedForest.safeParse(value)
  if (result.success) return result.data
  const { path, message } = result.error.issues[0]
  throw badModel(`at ${path.join('.') || 'its top'}: ${message}`)
}

/** A tree's nodes in preorder, without recursion: a chain of splits may be longer than the call stack. */
function readTree(root: unknown, columns: number[], name: string): (Leaf | Split)[] {
  const nodes: (Leaf | Split)[] = []
  const waiting: { node: unknown; parent: Split | null }[] = [{ node: root, parent: null }]
  while (waiting.length > 0) {
    const { node, parent } = waiting.pop()!
    if (parent) parent.right = nodes.length
    const { distribution, splitValue, splitColumn, left, right } = (node ?? {}) as Record<string, unknown>
    if (left === undefined && right === undefined) {
      if (typeof distribution !== 'number' || !Number.isFinite(distribution))
        throw badModel(`${name}, node ${nodes.length + 1}: its leaf has no finite value`)
      nodes.push({ value: distribution })
      continue
    }
    if (typeof splitValue !== 'number' || typeof splitColumn !== 'number' || columns[splitColumn] === undefined)
      throw badModel(`${name}, node ${nodes.length + 1}: its split has no column or value`)
    const split: Split = { predictor: columns[splitColumn], highestLeft: floatBelow(splitValue), right: 0 }
    nodes.push(split)
    waiting.push({ node: right, parent: split }, { node: left, parent: null })
  }
  return nodes
}

function cutsOf(trees: (Leaf | Split)[][], predictor: number, name: string): Float32Array {
  const values = new Set<number>()
  for (const tree of trees)
    for (const node of tree) if ('predictor' in node && node.predictor === predictor) values.add(node.highestLeft)
  if (values.size > 65_535)
    throw new LoamError(
      'too_large',
      `The saved model splits "${name}" at ${values.size} places; Loam's forests take 65535. Train it again in Loam.`,
    )
  return Float32Array.from(values).sort()
}

/** Nodes of 8 bytes, as kernel/forest.hpp lays them out. */
function packTrees(trees: (Leaf | Split)[][], cuts: Float32Array[]): { nodes: Uint8Array; sizes: number[] } {
  const sizes = trees.map((tree) => tree.length)
  const codes = cuts.map((values) => new Map(Array.from(values, (value, code) => [value, code])))
  const nodes = new Uint8Array(8 * sizes.reduce((sum, size) => sum + size, 0))
  const view = new DataView(nodes.buffer)
  let at = 0
  for (const tree of trees)
    for (const [i, node] of tree.entries()) {
      if ('value' in node) {
        view.setUint16(at, 0xffff, true)
        view.setFloat32(at + 4, node.value, true)
      } else {
        const hasTwinLeaves = node.right === i + 2 && 'value' in tree[i + 1] && 'value' in tree[i + 2]
        view.setUint16(at, codes[node.predictor].get(node.highestLeft)!, true)
        view.setUint8(at + 2, node.predictor)
        view.setUint8(at + 3, hasTwinLeaves ? 3 : 1)
        view.setUint32(at + 4, node.right, true)
      }
      at += 8
    }
  return { nodes, sizes }
}

const float = new Float32Array(1)
const bits = new Int32Array(float.buffer)

/** The highest float32 below a double: for a float32 x, x < limit exactly when x <= floatBelow(limit). */
function floatBelow(limit: number): number {
  float[0] = limit
  if (float[0] < limit) return float[0]
  if (float[0] === 0)
    bits[0] = -0x7fffffff // The smallest negative number.
  else bits[0] += float[0] > 0 ? -1 : 1
  return float[0]
}

function badModel(found: string): LoamError {
  return new LoamError(
    'bad_model',
    `This is not a regression model saved by ml-random-forest 2.1 that Loam can take over: ${found}. Save it again with JSON.stringify(model).`,
  )
}
