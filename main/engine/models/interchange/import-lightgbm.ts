import { damaged, unsupported } from './complaints.ts'
import { emptyTrees } from './foreign-trees.ts'
import type { ForeignModel } from './foreign-trees.ts'
import { highestAtMost, highestBelow } from './float-limits.ts'

/** Objectives whose prediction is the plain sum (or, for random forests, mean) of the trees. */
const plainObjectives = new Set(['regression', 'regression_l1', 'huber', 'fair', 'quantile', 'mape', 'custom'])

const categorical = 1
const missingTypeShift = 2
const zeroIsMissing = 1
const tiny = Math.fround(1e-35)

interface Section {
  /** Line of the file, from 1. */
  readonly line: number
  readonly values: Map<string, string>
}

/** Reads the text that `save_model` of LightGBM 2.2 to 4 wrote for a regression.
 *  A split sends a cell left when its value is <= the threshold in double precision, values next to 0 being 0. The learning rate is in the leaves already.
 *  LightGBM's own ways with missing values are not used, as Loam gives no value where a predictor is missing.
 *  Source: Tree::ToString and GBDT::SaveModelToString of LightGBM, the format's only definition.
 *  @throws bad_model, unsupported_format, too_large */
export function readLightgbm(text: string): ForeignModel {
  const { header, trees } = sectionsOf(text)
  const version = header.values.get('version') ?? ''
  if (!/^v[234]$/.test(version))
    throw unsupported('lightgbm', `the format's version is "${version}"`, 'Loam reads v2, v3 and v4.')
  for (const name of ['num_class', 'num_tree_per_iteration'])
    if (whole(header, name) !== 1)
      throw unsupported('lightgbm', `it predicts more than one value (${name})`, 'Train one model for each target.')
  const objective = header.values.get('objective') ?? 'custom'
  if (!plainObjectives.has(objective.split(' ')[0]) || objective.includes('sqrt'))
    throw unsupported(
      'lightgbm',
      `the objective is ${objective}`,
      `Its regressions are ${[...plainObjectives].join(', ')}, without sqrt. Train it with one of these.`,
    )
  const predictorCount = whole(header, 'max_feature_idx') + 1
  const sizes = header.values.get('tree_sizes')
  const promised = sizes === undefined ? trees.length : sizes.split(' ').length
  if (promised !== trees.length)
    throw damaged('lightgbm', `it says it has ${promised} trees, but holds ${trees.length}`)

  const names = header.values.get('feature_names')?.split(' ')
  if (names && names.length !== predictorCount)
    throw damaged(
      'lightgbm',
      `line ${header.line}: feature_names holds ${names.length} names for ${predictorCount} columns`,
    )
  return {
    format: 'lightgbm',
    trees: readTrees(trees, predictorCount),
    predictorCount,
    predictors: names?.every((name, i) => name === `Column_${i}`) ? null : (names ?? null),
    aggregate: header.values.has('average_output') ? 'mean' : 'sum',
    base: 0,
    notes: [],
  }
}

/** Header and trees, each a block of `key=value` lines; what comes after the trees is not needed. */
function sectionsOf(text: string): { header: Section; trees: Section[] } {
  const trees: Section[] = []
  let section: Section | null = null
  let header: Section | null = null
  let line = 0
  for (let at = 0; at < text.length; ) {
    let end = text.indexOf('\n', at)
    if (end < 0) end = text.length
    const content = text.slice(at, end).trimEnd()
    at = end + 1
    line++
    if (line === 1) {
      if (content !== 'tree') throw damaged('lightgbm', 'its first line is not "tree"')
      section = header = { line, values: new Map() }
      continue
    }
    if (content === '') continue
    if (content === 'end of trees') {
      if (trees.length === 0) throw damaged('lightgbm', 'it has no trees')
      return { header: header!, trees }
    }
    const equals = content.indexOf('=')
    const key = equals < 0 ? content : content.slice(0, equals)
    if (key === 'Tree') {
      section = { line, values: new Map() }
      trees.push(section)
    } else if (section!.values.has(key)) throw damaged('lightgbm', `line ${line}: ${key} is there twice`)
    else section!.values.set(key, equals < 0 ? '' : content.slice(equals + 1))
  }
  throw damaged('lightgbm', `it is cut off after line ${line}: there is no "end of trees"`)
}

function readTrees(trees: Section[], predictorCount: number): ForeignModel['trees'] {
  // Splits of a tree come first, then its leaves.
  const leafCounts = trees.map((tree) => whole(tree, 'num_leaves'))
  const roots = new Int32Array(trees.length)
  let total = 0
  for (const [t, leaves] of leafCounts.entries()) {
    if (leaves < 1) throw damaged('lightgbm', `line ${trees[t].line}: tree ${t} has no leaves`)
    roots[t] = total
    total += 2 * leaves - 1
    // A line holds two characters per number at least: a count that the file cannot hold is found before room is made for it.
    if (2 * leaves > (trees[t].values.get('leaf_value') ?? '').length + 1)
      throw damaged('lightgbm', `line ${trees[t].line}: tree ${t} does not hold the ${leaves} leaves it says it has`)
  }
  const result = emptyTrees(total, roots)
  for (const [t, tree] of trees.entries()) {
    const leaves = leafCounts[t]
    const splits = leaves - 1
    const start = roots[t]
    if ((tree.values.get('is_linear') ?? '0') !== '0')
      throw unsupported('lightgbm', `tree ${t} has linear leaves`, 'Train it without linear_tree.')
    if ((tree.values.get('num_cat') ?? '0') !== '0')
      throw unsupported('lightgbm', `tree ${t} splits by category`, 'Train it with numbers only.')
    const values = numbers(tree, 'leaf_value', leaves)
    for (let leaf = 0; leaf < leaves; leaf++) result.value[start + splits + leaf] = values[leaf]
    if (splits === 0) continue
    const columns = numbers(tree, 'split_feature', splits)
    const thresholds = numbers(tree, 'threshold', splits)
    const types = numbers(tree, 'decision_type', splits)
    const left = numbers(tree, 'left_child', splits)
    const right = numbers(tree, 'right_child', splits)
    for (let i = 0; i < splits; i++) {
      const fault = (found: string): Error => damaged('lightgbm', `line ${tree.line}: tree ${t}, split ${i}: ${found}`)
      if (!Number.isInteger(columns[i]) || columns[i] < 0 || columns[i] >= predictorCount)
        throw fault(`its column is ${columns[i]}, of ${predictorCount}`)
      if (!Number.isInteger(types[i]) || types[i] < 0 || types[i] > 15) throw fault(`decision_type is ${types[i]}`)
      if ((types[i] & categorical) !== 0)
        throw unsupported('lightgbm', `tree ${t} splits by category`, 'Train it with numbers only.')
      if (types[i] >> missingTypeShift === zeroIsMissing)
        throw unsupported('lightgbm', 'zero means missing', 'Train it without zero_as_missing.')
      // A negative child −1 − n is leaf n.
      const child = (index: number): number => {
        const isSplit = index >= 0
        const place = isSplit ? index : -1 - index
        if (!Number.isInteger(index) || place >= (isSplit ? splits : leaves))
          throw fault(`its child ${index} does not exist`)
        return start + (isSplit ? place : splits + place)
      }
      result.predictor[start + i] = columns[i]
      result.highestLeft[start + i] = highestLeft(thresholds[i])
      result.left[start + i] = child(left[i])
      result.right[start + i] = child(right[i])
    }
  }
  return result
}

/** LightGBM takes a value of at most 1e-35 in size for 0 before it compares (kZeroThreshold, a float32), so a threshold within
 *  that size lets through either all such values or none. */
function highestLeft(threshold: number): number {
  if (Math.abs(threshold) > tiny) return highestAtMost(threshold)
  return threshold >= 0 ? tiny : highestBelow(-tiny)
}

function whole(section: Section, key: string): number {
  const text = section.values.get(key)
  if (text === undefined || !/^\d{1,9}$/.test(text))
    throw damaged(
      'lightgbm',
      `after line ${section.line}, ${key} is ${text === undefined ? 'missing' : `"${text.slice(0, 40)}"`}`,
    )
  return Number(text)
}

function numbers(section: Section, key: string, count: number): Float64Array {
  const parts = (section.values.get(key) ?? '').split(' ')
  if (parts.length !== count)
    throw damaged('lightgbm', `after line ${section.line}, ${key} does not hold ${count} numbers`)
  const result = new Float64Array(count)
  for (const [i, part] of parts.entries()) {
    result[i] = part === '' ? Number.NaN : Number(part)
    if (!Number.isFinite(result[i]))
      throw damaged('lightgbm', `after line ${section.line}, ${key} holds "${part.slice(0, 40)}", not a number`)
  }
  return result
}
