import { NumberList, ProtobufFault, ProtobufReader } from './protobuf-reader.ts'
import { damaged, unsupported } from './complaints.ts'

/** The parts of an ONNX model that a tree ensemble needs. Field numbers as in the published onnx.proto. */
export interface OnnxFile {
  readonly nodes: OnnxNode[]
  readonly initializers: Map<string, OnnxTensor>
  readonly inputs: OnnxInput[]
  readonly outputs: string[]
  readonly metadata: Map<string, string>
}

export interface OnnxNode {
  op: string
  domain: string
  inputs: string[]
  outputs: string[]
  attributes: Map<string, OnnxAttribute>
}

export interface OnnxAttribute {
  name: string
  number: number | null
  text: string | null
  tensor: OnnxTensor | null
  numbers: NumberList
  texts: string[]
}

export interface OnnxTensor {
  name: string
  type: number
  values: Float64Array
}

export interface OnnxInput {
  name: string
  type: number
  /** Null where the size is open. */
  sizes: (number | null)[]
}

export const onnxFloat = 1
export const onnxUint8 = 2
export const onnxInt64 = 7
export const onnxDouble = 11
/** Bytes per number in raw data. */
const rawBytes: Record<number, number> = { [onnxFloat]: 4, [onnxUint8]: 1, [onnxInt64]: 8, [onnxDouble]: 8 }

/** A tree ensemble with its scaler needs a handful; this keeps a hostile file from becoming millions of objects. */
const mostParts = 10_000

/** @throws bad_model, unsupported_format */
export function readOnnxFile(bytes: Uint8Array): OnnxFile {
  const file: OnnxFile = { nodes: [], initializers: new Map(), inputs: [], outputs: [], metadata: new Map() }
  try {
    const reader = new ProtobufReader(bytes)
    let hasGraph = false
    while (reader.next())
      if (reader.field === 7) {
        if (hasGraph) throw damaged('onnx', 'it has two graphs')
        hasGraph = true
        readGraph(reader.message(), file)
      } else if (reader.field === 14) {
        const [key, value] = readEntry(reader.message())
        file.metadata.set(key, value)
        limit(file.metadata.size, 'metadata entries')
      } else reader.skip()
    if (!hasGraph) throw damaged('onnx', 'it has no graph')
    return file
  } catch (thrown) {
    if (thrown instanceof ProtobufFault) throw damaged('onnx', thrown.message)
    throw thrown
  }
}

function readGraph(reader: ProtobufReader, file: OnnxFile): void {
  while (reader.next())
    if (reader.field === 1) {
      file.nodes.push(readNode(reader.message()))
      limit(file.nodes.length, 'operators')
    } else if (reader.field === 5) {
      const tensor = readTensor(reader.message())
      file.initializers.set(tensor.name, tensor)
      limit(file.initializers.size, 'initializers')
    } else if (reader.field === 11) {
      file.inputs.push(readInput(reader.message()))
      limit(file.inputs.length, 'inputs')
    } else if (reader.field === 12) {
      file.outputs.push(readInput(reader.message()).name)
      limit(file.outputs.length, 'outputs')
    } else reader.skip()
}

function readNode(reader: ProtobufReader): OnnxNode {
  const node: OnnxNode = { op: '', domain: '', inputs: [], outputs: [], attributes: new Map() }
  while (reader.next())
    if (reader.field === 1) limit(node.inputs.push(reader.text()), 'inputs of an operator')
    else if (reader.field === 2) limit(node.outputs.push(reader.text()), 'outputs of an operator')
    else if (reader.field === 4) node.op = reader.text()
    else if (reader.field === 7) node.domain = reader.text()
    else if (reader.field === 5) {
      const attribute = readAttribute(reader.message())
      if (node.attributes.has(attribute.name)) throw damaged('onnx', `an operator has ${attribute.name} twice`)
      node.attributes.set(attribute.name, attribute)
      limit(node.attributes.size, 'attributes')
    } else reader.skip()
  return node
}

function readAttribute(reader: ProtobufReader): OnnxAttribute {
  const attribute: OnnxAttribute = {
    name: '',
    number: null,
    text: null,
    tensor: null,
    numbers: new NumberList(),
    texts: [],
  }
  // Modes come by the million and are a handful of words.
  const known = new Map<string, string>()
  while (reader.next())
    if (reader.field === 1) attribute.name = reader.text()
    else if (reader.field === 2) attribute.number = reader.float()
    else if (reader.field === 3) attribute.number = reader.int()
    else if (reader.field === 4) attribute.text = reader.text()
    else if (reader.field === 5) attribute.tensor = readTensor(reader.message())
    else if (reader.field === 7) reader.floats(attribute.numbers)
    else if (reader.field === 8) reader.ints(attribute.numbers)
    else if (reader.field === 9) {
      const text = reader.raw().toString('latin1')
      if (known.size < 100 && !known.has(text)) known.set(text, text)
      attribute.texts.push(known.get(text) ?? text)
    } else reader.skip()
  return attribute
}

function readTensor(reader: ProtobufReader): OnnxTensor {
  const dims = new NumberList()
  const numbers = new NumberList()
  let raw: Buffer | null = null
  let name = ''
  let type = 0
  let isElsewhere = false
  while (reader.next())
    if (reader.field === 1) reader.ints(dims)
    else if (reader.field === 2) type = reader.int()
    else if (reader.field === 4) reader.floats(numbers)
    else if (reader.field === 5 || reader.field === 7) reader.ints(numbers)
    else if (reader.field === 8) name = reader.text()
    else if (reader.field === 9) raw = reader.raw()
    else if (reader.field === 10) reader.doubles(numbers)
    else if (reader.field === 14) isElsewhere = reader.int() === 1
    else reader.skip()
  if (isElsewhere)
    throw unsupported(
      'onnx',
      `the numbers of "${name}" lie in another file`,
      'Save it as one file, without external data.',
    )
  const values = raw ? fromRaw(raw, type, name) : numbers.values()
  const size = dims.values().reduce((product, dim) => product * dim, 1)
  if (size !== values.length && values.length > 0)
    throw damaged('onnx', `tensor "${name}" holds ${values.length} numbers where its shape says ${size}`)
  return { name, type, values }
}

/** Other types than those a tree ensemble may use are left empty, as nothing asks for them. */
function fromRaw(raw: Buffer, type: number, name: string): Float64Array {
  const size = rawBytes[type]
  if (size === undefined) return new Float64Array(0)
  if (raw.length % size !== 0) throw damaged('onnx', `tensor "${name}" is cut off`)
  return Float64Array.from({ length: raw.length / size }, (_, i) => {
    if (type === onnxFloat) return raw.readFloatLE(4 * i)
    if (type === onnxDouble) return raw.readDoubleLE(8 * i)
    return type === onnxInt64 ? Number(raw.readBigInt64LE(8 * i)) : raw[i]
  })
}

/** ValueInfo: name 1, type 2. */
function readInput(reader: ProtobufReader): OnnxInput {
  const input: OnnxInput = { name: '', type: 0, sizes: [] }
  while (reader.next())
    if (reader.field === 1) input.name = reader.text()
    else if (reader.field === 2) {
      const type = reader.message()
      while (type.next())
        if (type.field === 1) readTensorType(type.message(), input)
        else type.skip()
    } else reader.skip()
  return input
}

/** Element type 1, shape 2; of the shape dimensions 1; of each its size 1, or a name. */
function readTensorType(reader: ProtobufReader, input: OnnxInput): void {
  while (reader.next())
    if (reader.field === 1) input.type = reader.int()
    else if (reader.field === 2) {
      const shape = reader.message()
      while (shape.next())
        if (shape.field === 1) {
          let size: number | null = null
          const dimension = shape.message()
          while (dimension.next())
            if (dimension.field === 1) size = dimension.int()
            else dimension.skip()
          limit(input.sizes.push(size), 'dimensions')
        } else shape.skip()
    } else reader.skip()
}

function readEntry(reader: ProtobufReader): [string, string] {
  let key = ''
  let value = ''
  while (reader.next())
    if (reader.field === 1) key = reader.text()
    else if (reader.field === 2) value = reader.text()
    else reader.skip()
  return [key, value]
}

function limit(count: number, what: string): void {
  if (count > mostParts) throw damaged('onnx', `it has more than ${mostParts} ${what}`)
}
