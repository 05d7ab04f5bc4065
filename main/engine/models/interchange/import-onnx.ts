import { damaged, unsupported } from './complaints.ts'
import type { ForeignModel } from './foreign-trees.ts'
import { onnxDouble, onnxFloat, readOnnxFile } from './onnx-file.ts'
import type { OnnxFile, OnnxNode } from './onnx-file.ts'
import { highestWhere } from './float-limits.ts'
import { readTreeEnsemble, readTreeEnsembleRegressor } from './onnx-trees.ts'

/** A column of the ensemble's input: a predictor, scaled perhaps. */
interface Column {
  predictor: number
  /** (x − offset) × scale in float32 each, one after the other. */
  scalings: { offset: number; scale: number }[]
}

/** Beyond what Loam's forests take, and few enough not to matter. */
const mostColumns = 10_000

/** Reads an ONNX model whose graph is one tree ensemble with one target, as skl2onnx, onnxmltools and others export regressions.
 *  In front of the ensemble may stand Identity, Cast to float or double, Concat of inputs, and Scaler with positive scales, which
 *  becomes part of the thresholds, exactly; behind it Identity, such a Cast, and Add of a constant. Directions for missing
 *  values are not used, as Loam gives no value where a predictor is missing.
 *  Source: onnx.ai, IR and operators of ai.onnx.ml.
 *  @throws bad_model, unsupported_format, too_large */
export function readOnnx(bytes: Uint8Array): ForeignModel {
  const file = readOnnxFile(bytes)
  if (file.outputs.length !== 1)
    throw unsupported('onnx', `the graph has ${file.outputs.length} outputs`, 'Export a regression with one output.')
  const makers = new Map<string, OnnxNode>()
  for (const node of file.nodes) for (const output of node.outputs) makers.set(output, node)
  const { ensemble, added } = ensembleBefore(file, makers)
  const read = ensemble.op === 'TreeEnsemble' ? readTreeEnsemble : readTreeEnsembleRegressor
  const { trees, aggregate, base } = read(ensemble)

  const sources = inputsOf(file)
  const columns = columnsOf(ensemble.inputs[0], makers, sources, { left: file.nodes.length + 1 })
  const isOpen = columns === null
  let highest = 0
  for (let i = 0; i < trees.predictor.length; i++) {
    const column = trees.predictor[i]
    if (column > highest) highest = column
    if (column < 0 || isOpen) continue
    const source = columns[column]
    if (!source)
      throw damaged(
        'onnx',
        `a node splits on column ${column} of the input, which has ${columns.length}, counted from 0`,
      )
    trees.predictor[i] = source.predictor
    trees.highestLeft[i] = throughScalings(trees.highestLeft[i], source)
  }
  return {
    format: 'onnx',
    trees,
    predictorCount: isOpen ? highest + 1 : sources.count,
    isCountOpen: isOpen,
    predictors: isOpen ? null : namesIn(file, sources),
    aggregate,
    base: base + added,
    notes: [],
  }
}

/** Follows the graph's output back to the ensemble. */
function ensembleBefore(file: OnnxFile, makers: Map<string, OnnxNode>): { ensemble: OnnxNode; added: number } {
  let name = file.outputs[0]
  let added = 0
  for (let steps = 0; steps <= file.nodes.length; steps++) {
    const node = makers.get(name)
    if (!node) throw damaged('onnx', `nothing in the graph makes "${name}"`)
    if (/^TreeEnsemble(Regressor)?$/.test(node.op) && node.domain === 'ai.onnx.ml') return { ensemble: node, added }
    if (isSame(node)) name = node.inputs[0]
    else if (node.op === 'Add' && node.inputs.length === 2) {
      const constants = node.inputs.filter((input) => file.initializers.has(input))
      const { type, values } = file.initializers.get(constants[0]) ?? { type: 0, values: [] }
      if (constants.length !== 1 || values.length !== 1 || (type !== onnxFloat && type !== onnxDouble))
        throw refused(node, 'it must add one constant number')
      added += values[0]
      name = node.inputs.find((input) => input !== constants[0])!
    } else throw refused(node, 'only Identity, Cast and Add may stand behind the ensemble')
  }
  throw damaged('onnx', 'its graph goes in a circle')
}

interface Inputs {
  /** First predictor and number of predictors of each input; the number is null when the file leaves it open. */
  readonly places: Map<string, { first: number; count: number | null }>
  readonly count: number
}

function inputsOf(file: OnnxFile): Inputs {
  const places: Inputs['places'] = new Map()
  let first = 0
  // Old exporters list constants among the inputs.
  for (const { name, type, sizes } of file.inputs.filter((input) => !file.initializers.has(input.name))) {
    if (type !== onnxFloat && type !== onnxDouble)
      throw unsupported(
        'onnx',
        `the input "${name}" is not of type float or double (ONNX type ${type})`,
        'Export it for float inputs, in skl2onnx with FloatTensorType.',
      )
    const count = sizes.length === 2 ? sizes[1] : null
    if (count !== null && (count < 0 || count > mostColumns))
      throw damaged('onnx', `the input "${name}" has ${count} columns`)
    // Some writers put 0 where the size is open.
    places.set(name, { first, count: count || null })
    first += count ?? 0
  }
  return { places, count: first }
}

/** What the columns of a value in front of the ensemble are; null for the one input of a graph that leaves their number open. */
function columnsOf(
  name: string,
  makers: Map<string, OnnxNode>,
  inputs: Inputs,
  budget: { left: number },
): Column[] | null {
  const place = inputs.places.get(name)
  if (place && place.count !== null)
    return Array.from({ length: place.count }, (_, i) => ({ predictor: place.first + i, scalings: [] }))
  if (place) {
    if (inputs.places.size === 1) return null
    throw unsupported('onnx', `the number of columns of the input "${name}" is open`, 'Export it with sizes given.')
  }
  if (budget.left-- <= 0) throw damaged('onnx', 'its graph goes in a circle')
  const node = makers.get(name)
  if (!node) throw damaged('onnx', `nothing in the graph makes "${name}"`)
  if (isSame(node)) return columnsOf(node.inputs[0], makers, inputs, budget)
  if (node.op === 'Concat') {
    const axis = node.attributes.get('axis')?.number
    if (axis !== 1 && axis !== -1) throw refused(node, 'it must join columns (axis 1)')
    const joined: Column[] = []
    for (const input of node.inputs) {
      const columns = columnsOf(input, makers, inputs, budget)
      if (!columns) throw refused(node, 'the sizes of what it joins must be given')
      for (const column of columns) joined.push(column)
      if (joined.length > mostColumns) throw refused(node, `it joins more than ${mostColumns} columns`)
    }
    return joined
  }
  if (node.op === 'Scaler' && node.domain === 'ai.onnx.ml') {
    const columns = columnsOf(node.inputs[0], makers, inputs, budget)
    if (!columns) throw refused(node, 'the number of columns must be given')
    const [offsets, scales] = ['offset', 'scale'].map((key) => node.attributes.get(key)?.numbers.values() ?? [])
    return columns.map((column, i) => {
      const offset = offsets.length === 1 ? offsets[0] : offsets[i]
      const scale = scales.length === 1 ? scales[0] : scales[i]
      if (!Number.isFinite(offset) || !Number.isFinite(scale) || scale <= 0)
        throw refused(node, `column ${i} needs an offset and a positive scale, not ${offset} and ${scale}`)
      return { ...column, scalings: [...column.scalings, { offset, scale }] }
    })
  }
  throw refused(node, 'only Identity, Cast, Concat and Scaler may stand before the ensemble')
}

/** Passes numbers on as they are: float32 numbers survive a cast to double and back. */
function isSame(node: OnnxNode): boolean {
  const to = node.attributes.get('to')?.number
  return node.op === 'Identity' || (node.op === 'Cast' && (to === onnxFloat || to === onnxDouble))
}

/** The limit that a predictor must not exceed for its scaled value not to exceed a limit. Scaling in float32 never falls as
 *  the predictor rises, so there is exactly one. */
function throughScalings(limit: number, { scalings }: Column): number {
  if (scalings.length === 0 || !Number.isFinite(limit)) return limit
  return highestWhere((x) => {
    for (const { offset, scale } of scalings) x = Math.fround(Math.fround(x - offset) * scale)
    return x <= limit
  })
}

/** Names that Loam wrote, else those of the inputs where each is one column. */
function namesIn(file: OnnxFile, inputs: Inputs): string[] | null {
  const written = file.metadata.get('predictors')
  if (written !== undefined) {
    let names: unknown
    try {
      names = JSON.parse(written)
    } catch {
      names = null
    }
    if (Array.isArray(names) && names.every((name) => typeof name === 'string') && names.length === inputs.count)
      return names
  }
  const places = [...inputs.places]
  return places.length > 1 && places.every(([, { count }]) => count === 1) ? places.map(([name]) => name) : null
}

function refused(node: OnnxNode, why: string): Error {
  return unsupported(
    'onnx',
    `the graph has ${node.op || 'an operator without a name'}: ${why}`,
    'Export the trees alone.',
  )
}
