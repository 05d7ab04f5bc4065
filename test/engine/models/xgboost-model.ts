/** A tree as xgboost's JSON lists it: children −1 for a leaf, whose value is then its condition. */
export interface XgboostTree {
  readonly left: number[]
  readonly right: number[]
  readonly columns: number[]
  readonly conditions: number[]
}

/** A model as xgboost saves it, with what Loam reads of it. */
export function xgboostModel(featureCount: number, trees: XgboostTree[]): Buffer {
  const model = {
    gbtree_model_param: { num_trees: String(trees.length), num_parallel_tree: '1', size_leaf_vector: '0' },
    tree_info: trees.map(() => 0),
    trees: trees.map(({ left, right, columns, conditions }) => ({
      left_children: left,
      right_children: right,
      split_indices: columns,
      split_conditions: conditions,
    })),
  }
  return Buffer.from(
    JSON.stringify({
      learner: {
        learner_model_param: { base_score: '0E0', num_class: '0', num_feature: String(featureCount) },
        objective: { name: 'reg:squarederror' },
        gradient_booster: { name: 'gbtree', model },
      },
      version: [1, 7, 4],
    }),
  )
}

/** A full tree of 2^depth leaves on column 0: leaf k holds k and takes k/2^depth <= x < (k + 1)/2^depth. */
export function fullTree(depth: number): XgboostTree {
  const leaves = 2 ** depth
  const nodes = Array.from({ length: 2 * leaves - 1 }, (_, node) => node)
  const isLeaf = (node: number): boolean => node >= leaves - 1
  return {
    left: nodes.map((node) => (isLeaf(node) ? -1 : 2 * node + 1)),
    right: nodes.map((node) => (isLeaf(node) ? -1 : 2 * node + 2)),
    columns: nodes.map(() => 0),
    conditions: nodes.map((node) => {
      const level = 2 ** Math.floor(Math.log2(node + 1))
      return isLeaf(node) ? node - leaves + 1 : (node + 1.5 - level) / level
    }),
  }
}
