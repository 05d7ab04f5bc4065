import { LoamError } from '../../../contract/index.ts'
import { publishBytes } from '../../files/index.ts'
import { modelWords } from '../model-words.ts'
import type { Model } from '../model.ts'
import { ProtobufWriter } from './protobuf-writer.ts'

/** Versions of the format that every reader since 2021 knows. */
const irVersion = 8
const opset = 15
const mlOpset = 3

const typeFloat = 1
const attributeInt = 2
const attributeString = 3
const attributeFloats = 6
const attributeInts = 7
const attributeStrings = 8

/** More than protobuf's 2 GB hold at some 40 bytes each. */
const mostNodes = 40_000_000

/** A model as ONNX: one TreeEnsembleRegressor from `predictors` (float, rows × predictors, in the model's order) to
 *  `prediction` (float, rows × 1). Every row goes the same way as in Loam. What others make of the leaves' sum differs by
 *  rounding, as most add in float32 where Loam adds in double. A missing predictor, for which Loam gives no value, goes right.
 *  Source: onnx.ai, IR and operators of ai.onnx.ml.
 *  @throws unsupported_format (a median of trees), too_large */
export function exportOnnx(model: Model): Uint8Array {
  const { info } = model
  const ensemble = ensembleOf(model)
  const file = new ProtobufWriter()
  file.int(1, irVersion)
  file.text(2, 'loam')
  file.text(3, info.loamVersion)
  file.message(7, (graph) => {
    graph.message(1, (node) => {
      node.text(1, 'predictors')
      node.text(2, 'prediction')
      node.text(3, 'trees')
      node.text(4, 'TreeEnsembleRegressor')
      node.text(7, 'ai.onnx.ml')
      for (const write of ensemble) node.message(5, write)
    })
    graph.text(2, 'forest')
    graph.message(11, (input) => writeTensorType(input, 'predictors', info.predictors.length))
    graph.message(12, (output) => writeTensorType(output, 'prediction', 1))
  })
  for (const [domain, version] of [
    ['', opset],
    ['ai.onnx.ml', mlOpset],
  ] as const)
    file.message(8, (set) => {
      set.text(1, domain)
      set.int(2, version)
    })
  const metadata = { predictors: JSON.stringify(info.predictors), target: info.target, unit: info.targetUnit }
  for (const [key, value] of Object.entries(metadata))
    file.message(14, (entry) => {
      entry.text(1, key)
      entry.text(2, value)
    })
  return file.finish()
}

/** Writes whole or not at all. @throws unsupported_format, too_large, disk_full, io_failed */
export async function exportOnnxFile(path: string, model: Model): Promise<void> {
  await publishBytes(path, exportOnnx(model))
}

/** The operator's attributes. */
function ensembleOf(model: Model): ((attribute: ProtobufWriter) => void)[] {
  if (!model.parts)
    throw new LoamError(
      'unsupported_format',
      `Only models of trees are written as ONNX; this is a ${modelWords[model.type]}. Train a forest or boosting for it.`,
    )
  const { cuts, treeSizes, nodes, aggregate, base } = model.parts()
  if (aggregate === 'median')
    throw new LoamError(
      'unsupported_format',
      'The model takes the median of its trees, which ONNX cannot say. Train it in Loam to export it.',
    )
  const count = nodes.length / 8
  if (count > mostNodes)
    throw new LoamError(
      'too_large',
      `The model has ${count} nodes; an ONNX file holds some ${mostNodes}. Train it with larger leaves or fewer trees.`,
    )
  const predictorOf = model.info.columns ?? cuts.map((_, p) => p)
  const view = new DataView(nodes.buffer, nodes.byteOffset, nodes.length)
  const treeIds = new Float64Array(count)
  const nodeIds = new Float64Array(count)
  const columns = new Float64Array(count)
  const thresholds = new Float32Array(count)
  const lefts = new Float64Array(count)
  const rights = new Float64Array(count)
  const modes: string[] = []
  const leaves: number[] = []
  let at = 0
  for (const [t, size] of treeSizes.entries())
    for (let i = 0; i < size; i++, at++) {
      treeIds[at] = t
      nodeIds[at] = i
      const isSplit = (view.getUint8(8 * at + 3) & 1) !== 0
      modes.push(isSplit ? 'BRANCH_LEQ' : 'LEAF')
      if (isSplit) {
        const column = view.getUint8(8 * at + 2)
        columns[at] = predictorOf[column]
        thresholds[at] = cuts[column][view.getUint16(8 * at, true)]
        lefts[at] = i + 1
        rights[at] = view.getUint32(8 * at + 4, true)
      } else leaves.push(at)
    }
  const ofLeaves = (values: Float64Array): number[] => leaves.map((leaf) => values[leaf])
  return [
    ints('nodes_treeids', treeIds),
    ints('nodes_nodeids', nodeIds),
    ints('nodes_featureids', columns),
    floats('nodes_values', thresholds),
    strings('nodes_modes', modes),
    ints('nodes_truenodeids', lefts),
    ints('nodes_falsenodeids', rights),
    ints('target_treeids', ofLeaves(treeIds)),
    ints('target_nodeids', ofLeaves(nodeIds)),
    ints('target_ids', new Uint8Array(leaves.length)),
    floats(
      'target_weights',
      leaves.map((leaf) => view.getFloat32(8 * leaf + 4, true)),
    ),
    (attribute) => {
      begin(attribute, 'n_targets', attributeInt)
      attribute.int(3, 1)
    },
    string('aggregate_function', aggregate === 'mean' ? 'AVERAGE' : 'SUM'),
    string('post_transform', 'NONE'),
    ...(base === 0 ? [] : [floats('base_values', [base])]),
  ]
}

type WriteAttribute = (attribute: ProtobufWriter) => void

function begin(attribute: ProtobufWriter, name: string, type: number): void {
  attribute.text(1, name)
  attribute.int(20, type)
}

function ints(name: string, values: ArrayLike<number>): WriteAttribute {
  return (attribute) => {
    begin(attribute, name, attributeInts)
    attribute.ints(8, values)
  }
}

function floats(name: string, values: ArrayLike<number>): WriteAttribute {
  return (attribute) => {
    begin(attribute, name, attributeFloats)
    attribute.floats(7, values)
  }
}

function strings(name: string, values: string[]): WriteAttribute {
  return (attribute) => {
    begin(attribute, name, attributeStrings)
    for (const value of values) attribute.text(9, value)
  }
}

function string(name: string, value: string): WriteAttribute {
  return (attribute) => {
    begin(attribute, name, attributeString)
    attribute.text(4, value)
  }
}

/** A value of type float, rows × columns. */
function writeTensorType(value: ProtobufWriter, name: string, columns: number): void {
  value.text(1, name)
  value.message(2, (type) =>
    type.message(1, (tensor) => {
      tensor.int(1, typeFloat)
      tensor.message(2, (shape) => {
        shape.message(1, (rows) => rows.text(2, 'rows'))
        shape.message(1, (dimension) => dimension.int(1, columns))
      })
    }),
  )
}
