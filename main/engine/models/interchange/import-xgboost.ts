import { damaged, unsupported } from './complaints.ts'
import { emptyTrees } from './foreign-trees.ts'
import type { ForeignModel } from './foreign-trees.ts'
import { highestBelow } from './float-limits.ts'

/** Objectives whose prediction is the plain sum of the trees. */
const plainObjectives = new Set([
  'reg:squarederror',
  'reg:linear',
  'reg:absoluteerror',
  'reg:pseudohubererror',
  'reg:squaredlogerror',
  'reg:quantileerror',
])

type Json = Record<string, unknown>

/** Reads what `save_model('name.json')` of xgboost 1.0 to 3 wrote for a regression with booster gbtree.
 *  A split sends a cell left when its value is < the threshold, both float32, as xgboost compares them; xgboost's own direction
 *  for missing values is not used, as Loam gives no value where a predictor is missing.
 *  Saved by the scikit-learn wrapper after early stopping, the model ends with its best iteration, as the wrapper's predict().
 *  Source: the schema in xgboost's documentation, "Introduction to Model IO".
 *  @throws bad_model, unsupported_format, too_large */
export function readXgboost(json: unknown): ForeignModel {
  const learner = objectIn(json, 'learner', '')
  const objective = textIn(objectIn(learner, 'objective', 'learner.'), 'name', 'learner.objective.')
  if (!plainObjectives.has(objective))
    throw unsupported(
      'xgboost',
      `the objective is ${objective}`,
      `Its regressions are ${[...plainObjectives].join(', ')}. Train it with one of these.`,
    )
  const parameters = objectIn(learner, 'learner_model_param', 'learner.')
  const booster = objectIn(learner, 'gradient_booster', 'learner.')
  const name = textIn(booster, 'name', 'learner.gradient_booster.')
  if (name !== 'gbtree') throw unsupported('xgboost', `the booster is ${name}`, 'Train it with booster gbtree.')
  for (const count of ['num_class', 'num_target'])
    if (parameters[count] !== undefined && wholeIn(parameters, count, 'learner.learner_model_param.') > 1)
      throw unsupported('xgboost', `it predicts more than one value (${count})`, 'Train one model for each target.')
  const predictorCount = wholeIn(parameters, 'num_feature', 'learner.learner_model_param.')
  if (predictorCount < 1) throw damaged('xgboost', 'learner.learner_model_param.num_feature is 0')

  const place = 'learner.gradient_booster.model.'
  const model = objectIn(booster, 'model', 'learner.gradient_booster.')
  const forest = objectIn(model, 'gbtree_model_param', place)
  const trees = listIn(model, 'trees', place)
  const claimed = wholeIn(forest, 'num_trees', `${place}gbtree_model_param.`)
  if (claimed !== trees.length) throw damaged('xgboost', `it says it has ${claimed} trees, but holds ${trees.length}`)
  if (listIn(model, 'tree_info', place).some((group) => group !== 0))
    throw unsupported('xgboost', 'trees belong to several classes or targets', 'Train one model for each target.')

  const { used, notes } = usedTrees(learner, forest, trees.length, place)
  return {
    format: 'xgboost',
    trees: readTrees(trees.slice(0, used), predictorCount, place),
    predictorCount,
    predictors: namesOf(learner, predictorCount),
    aggregate: 'sum',
    base: baseScore(parameters.base_score),
    notes,
  }
}

/** Trees that count. */
function usedTrees(learner: Json, forest: Json, held: number, place: string): { used: number; notes: string[] } {
  const attributes = (learner.attributes ?? {}) as Json
  const best = attributes.best_iteration
  if (best === undefined) return { used: held, notes: [] }
  const perIteration =
    forest.num_parallel_tree === undefined ? 1 : wholeIn(forest, 'num_parallel_tree', `${place}gbtree_model_param.`)
  const wanted = (wholeIn(attributes, 'best_iteration', 'learner.attributes.') + 1) * Math.max(1, perIteration)
  if (wanted >= held) return { used: held, notes: [] }
  if (attributes.scikit_learn === undefined)
    return {
      used: held,
      notes: [
        `All ${held} trees were taken, as Booster.predict() takes them; training found ${wanted} to be the best.`,
      ],
    }
  return {
    used: wanted,
    notes: [`The best ${wanted} of ${held} trees were taken, as XGBRegressor.predict() takes them.`],
  }
}

function readTrees(trees: unknown[], predictorCount: number, place: string): ForeignModel['trees'] {
  const lefts = trees.map((tree, t) => listIn(tree, 'left_children', `${place}trees[${t}].`))
  const roots = new Int32Array(trees.length)
  let total = 0
  for (const [t, left] of lefts.entries()) {
    roots[t] = total
    total += left.length
  }
  const result = emptyTrees(total, roots)
  for (const [t, value] of trees.entries()) {
    const tree = value as Json
    const where = `${place}trees[${t}].`
    const left = lefts[t]
    const lists = ['right_children', 'split_indices', 'split_conditions'].map((name) => listIn(tree, name, where))
    const [right, columns, conditions] = lists
    for (const list of lists)
      if (list.length !== left.length) throw damaged('xgboost', `the lists of ${where.slice(0, -1)} differ in length`)
    if (left.length === 0) throw damaged('xgboost', `${where.slice(0, -1)} has no nodes`)
    if (Array.isArray(tree.split_type) && tree.split_type.some((type) => type !== 0))
      throw unsupported('xgboost', `tree ${t} splits by category`, 'Train it with numbers only.')
    const { size_leaf_vector: size } = (tree.tree_param ?? {}) as Json
    if (size !== undefined && Number(size) > 1)
      throw unsupported('xgboost', 'leaves hold several values', 'Train one model for each target.')

    const start = roots[t]
    for (let i = 0; i < left.length; i++) {
      const condition = conditions[i]
      if (typeof condition !== 'number') throw damaged('xgboost', `${where}split_conditions[${i}] is not a number`)
      if (left[i] === -1) {
        result.value[start + i] = Math.fround(condition)
        continue
      }
      const child = (list: unknown[], name: string): number => {
        const index = list[i]
        if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= left.length)
          throw damaged('xgboost', `${where}${name}[${i}] is ${String(index)}, of ${left.length} nodes`)
        return start + (index as number)
      }
      result.left[start + i] = child(left, 'left_children')
      result.right[start + i] = child(right, 'right_children')
      const column = columns[i]
      if (!Number.isInteger(column) || (column as number) < 0 || (column as number) >= predictorCount)
        throw damaged('xgboost', `${where}split_indices[${i}] is ${String(column)}, of ${predictorCount} columns`)
      result.predictor[start + i] = column as number
      result.highestLeft[start + i] = highestBelow(Math.fround(condition))
    }
  }
  return result
}

/** "5E-1", or in newer versions "[5E-1]". */
function baseScore(value: unknown): number {
  const text = typeof value === 'string' ? value.replace(/^\[([^,\]]*)\]$/, '$1').trim() : value
  const base =
    text === '' || (typeof text !== 'string' && typeof text !== 'number') ? Number.NaN : Math.fround(Number(text))
  if (!Number.isFinite(base))
    throw damaged('xgboost', `learner.learner_model_param.base_score is ${JSON.stringify(value)}, not one number`)
  return base
}

function namesOf(learner: Json, count: number): string[] | null {
  const names = learner.feature_names
  if (!Array.isArray(names) || names.length === 0) return null
  if (names.length !== count || names.some((name) => typeof name !== 'string'))
    throw damaged('xgboost', `learner.feature_names does not hold ${count} names`)
  return names as string[]
}

function objectIn(value: unknown, key: string, place: string): Json {
  const found = (value as Json | null)?.[key]
  if (typeof found !== 'object' || found === null || Array.isArray(found))
    throw damaged('xgboost', `${place}${key} is missing`)
  return found as Json
}

function listIn(value: unknown, key: string, place: string): unknown[] {
  const found = (value as Json | null)?.[key]
  if (!Array.isArray(found)) throw damaged('xgboost', `${place}${key} is no list`)
  return found
}

function textIn(value: Json, key: string, place: string): string {
  const found = value[key]
  if (typeof found !== 'string') throw damaged('xgboost', `${place}${key} is no text`)
  return found
}

/** xgboost writes its parameters as text. */
function wholeIn(value: Json, key: string, place: string): number {
  const found = value[key]
  const number = typeof found === 'string' && /^\d{1,10}$/.test(found) ? Number(found) : found
  if (!Number.isInteger(number) || (number as number) < 0)
    throw damaged('xgboost', `${place}${key} is ${JSON.stringify(found)}, not a whole number`)
  return number as number
}
