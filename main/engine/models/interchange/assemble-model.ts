import { LoamError } from '../../../contract/index.ts'
import { assembleForest } from '../../../native/index.ts'
import { loamVersion } from '../../files/index.ts'
import { forestModel, sizeOf } from '../forest.ts'
import { noOutOfBag } from '../model-head.ts'
import { asLoam } from '../native-fault.ts'
import type { Model } from '../model.ts'
import { damaged } from './complaints.ts'
import { inPreorder } from './foreign-trees.ts'
import type { ForeignModel, PreorderTrees } from './foreign-trees.ts'

export interface ImportOptions {
  /** Names of the columns the model was trained on, in their order; default those in the file, else x1, x2, … */
  readonly predictors?: string[]
  readonly target?: { readonly name: string; readonly unit: string }
}

const maxCuts = 65_535
const maxColumns = 255
const maxTrees = 100_000

/** Makes another program's trees a model of Loam, which predicts natively and lives in a model file.
 *  @throws bad_model, bad_input (predictor names that do not fit), too_large */
export function assembleModel(foreign: ForeignModel, options: ImportOptions): Model {
  const { format } = foreign
  const predictors = namesFor(foreign, options.predictors)
  const predictorCount = predictors.length
  const { roots, value } = foreign.trees
  if (roots.length === 0) throw damaged(format, 'it has no trees')
  if (roots.length > maxTrees)
    throw new LoamError(
      'too_large',
      `The model has ${roots.length} trees; Loam takes up to ${maxTrees}. Train it with fewer.`,
    )
  if (foreign.aggregate === 'mean' && foreign.base !== 0)
    // Loam's mean knows no base: the same as the sum of the leaves' shares.
    for (let i = 0; i < value.length; i++) value[i] /= roots.length
  const aggregate = foreign.base === 0 ? foreign.aggregate : 'sum'

  const trees = inPreorder(foreign.trees, predictorCount, format)
  const table = cutTable(trees, predictorCount)
  const nodes = packNodes(trees, table)
  try {
    const handle = assembleForest(table.cuts, trees.treeSizes, nodes, aggregate, foreign.base)
    return forestModel(handle, {
      type: 'forest',
      trainedBy: format,
      loamVersion: loamVersion(),
      predictors,
      ...(table.isSplit ? { columns: table.predictorOf } : {}),
      target: options.target?.name ?? '',
      targetUnit: options.target?.unit ?? '',
      settings: null,
      seed: foreign.seed ?? 0,
      rows: 0,
      ...sizeOf(handle),
      ranges: [],
      outOfBag: noOutOfBag,
      importance: { impurity: [], permutation: [], permutationSd: [] },
    })
  } catch (thrown) {
    throw asLoam(thrown)
  }
}

function namesFor(foreign: ForeignModel, wanted: string[] | undefined): string[] {
  const { predictorCount } = foreign
  if (predictorCount > maxColumns)
    throw new LoamError(
      'too_large',
      `The model has ${predictorCount} predictors; Loam's forests take up to ${maxColumns}. Train it with those that matter most.`,
    )
  const isFit = foreign.isCountOpen
    ? (count: number) => count >= predictorCount
    : (count: number) => count === predictorCount
  if (wanted && !isFit(wanted.length))
    throw new LoamError(
      'bad_input',
      `The model was trained on ${predictorCount} columns${foreign.isCountOpen ? ' or more' : ''}${foreign.predictors ? ` (${foreign.predictors.slice(0, 20).join(', ')})` : ''}; ${wanted.length} predictor names were given. Name each column once, in their order.`,
    )
  const names = wanted ?? foreign.predictors ?? Array.from({ length: predictorCount }, (_, i) => `x${i + 1}`)
  if (names.some((name) => name === '') || new Set(names).size < names.length)
    throw new LoamError(
      'bad_input',
      'Two columns of the model have the same name, or one has none. Give the predictors names of their own.',
    )
  return [...names]
}

/** Cuts of the columns the native forest gets. A predictor with more cuts than 16 bits can tell apart becomes several
 *  columns of the same values, each with a range of its cuts: nothing is rounded, and it costs only the coding of a column. */
interface CutTable {
  readonly cuts: Float32Array[]
  /** Per column of the native forest the predictor it gets. */
  readonly predictorOf: number[]
  readonly isSplit: boolean
  /** Per predictor its cuts, ascending, and its first column. */
  readonly all: Float32Array[]
  readonly firstColumn: number[]
}

function cutTable(trees: PreorderTrees, predictorCount: number): CutTable {
  const counts = new Uint32Array(predictorCount)
  for (let i = 0; i < trees.count; i++) if (trees.predictor[i] >= 0) counts[trees.predictor[i]]++
  const all = Array.from(counts, (count) => new Float32Array(count))
  counts.fill(0)
  for (let i = 0; i < trees.count; i++) {
    const p = trees.predictor[i]
    // Without the sign of zero: −0 and 0 are one cut.
    if (p >= 0) all[p][counts[p]++] = trees.highestLeft[i] + 0
  }
  const table: CutTable = { cuts: [], predictorOf: [], isSplit: false, all: all.map(distinct), firstColumn: [] }
  for (const [p, cuts] of table.all.entries()) {
    table.firstColumn.push(table.cuts.length)
    for (let first = 0; first === 0 || first < cuts.length; first += maxCuts) {
      table.cuts.push(cuts.slice(first, first + maxCuts))
      table.predictorOf.push(p)
    }
  }
  if (table.cuts.length > maxColumns)
    throw new LoamError(
      'too_large',
      `The model has ${predictorCount} predictors with ${table.all.reduce((sum, cuts) => sum + cuts.length, 0)} different thresholds; Loam takes up to ${maxColumns} columns of ${maxCuts} thresholds. Train it with larger leaves, fewer trees or fewer predictors.`,
    )
  return { ...table, isSplit: table.cuts.length > predictorCount }
}

function distinct(values: Float32Array): Float32Array {
  values.sort()
  let count = 0
  for (let i = 0; i < values.length; i++) if (i === 0 || values[i] !== values[i - 1]) values[count++] = values[i]
  return values.slice(0, count)
}

/** Nodes of 8 bytes, as kernel/forest.hpp lays them out. */
function packNodes(trees: PreorderTrees, table: CutTable): Uint8Array {
  const { predictor, highestLeft, right, value } = trees
  const nodes = new Uint8Array(8 * trees.count)
  const view = new DataView(nodes.buffer)
  let start = 0
  for (const size of trees.treeSizes) {
    for (let i = start, at = 8 * start; i < start + size; i++, at += 8) {
      const p = predictor[i]
      if (p < 0) {
        view.setUint16(at, 0xffff, true)
        view.setFloat32(at + 4, value[i], true)
        continue
      }
      const place = placeOf(highestLeft[i], table.all[p])
      const hasTwinLeaves = right[i] === i - start + 2 && predictor[i + 1] < 0 && predictor[i + 2] < 0
      view.setUint16(at, place % maxCuts, true)
      view.setUint8(at + 2, table.firstColumn[p] + Math.floor(place / maxCuts))
      view.setUint8(at + 3, hasTwinLeaves ? 3 : 1)
      view.setUint32(at + 4, right[i], true)
    }
    start += size
  }
  return nodes
}

/** Place of a cut in the ascending table that holds it. */
function placeOf(cut: number, table: Float32Array): number {
  let low = 0
  let high = table.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (table[middle] < cut) low = middle + 1
    else high = middle
  }
  return low
}
