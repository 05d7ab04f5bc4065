import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LoamError } from '../../../main/contract/index.ts'
import { importModel, importModelFile } from '../../../main/engine/models/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { goldenFile, predictorNames } from './golden-case.ts'
import { xgboostModel } from './xgboost-model.ts'

function golden(name: string): Buffer {
  return readFileSync(goldenFile(name))
}

/** A copy with one fault of the kinds files get: bits, bytes and numbers changed, parts lost, doubled or cut off. */
function mutant(bytes: Buffer, random: Random): Buffer {
  const at = Math.floor(random.uniform() * bytes.length)
  const length = 1 + Math.floor(random.uniform() * Math.min(64, bytes.length - at))
  const kind = Math.floor(random.uniform() * 7)
  const copy = Buffer.from(bytes)
  if (kind === 0) copy[at] ^= 1 << Math.floor(random.uniform() * 8)
  else if (kind === 1) copy[at] = Math.floor(random.uniform() * 256)
  else if (kind === 2) return copy.subarray(0, at)
  else if (kind === 3) return Buffer.concat([copy.subarray(0, at), copy.subarray(at + length)])
  else if (kind === 4) return Buffer.concat([copy.subarray(0, at + length), copy.subarray(at)])
  else if (kind === 5) copy.fill(0xff, at, at + length)
  else {
    // A digit of a text, or a varint that claims a lot.
    const digit = copy.findIndex((byte, i) => i >= at && byte >= 0x30 && byte <= 0x39)
    if (digit >= 0) copy.write('9', digit)
    copy[at] |= 0x80
  }
  return copy
}

describe('a damaged model', () => {
  it.each([
    ['sklearn-onnx/boosting.onnx', 'onnx'],
    ['onnx-operators/ensemble.onnx', 'onnx'],
    ['onnx-operators/scaler.onnx', 'onnx'],
    ['xgboost-json/forest.json', 'xgboost'],
    ['lightgbm-text/forest.txt', 'lightgbm'],
  ] as const)('is refused in words or read as a sound one, whatever the fault: %s', async (name, format) => {
    const original = golden(name)
    const random = new Random(name.length)
    const cells = [0, 1, 2, 3].map(() => Float32Array.from({ length: 64 }, () => 300 * random.uniform()))
    let refused = 0
    for (let i = 0; i < 500; i++) {
      try {
        const { model } = importModel(mutant(original, random), { format, predictors: predictorNames })
        const predicted = await model.predict(cells, 64, 1)
        expect(predicted.some(Number.isNaN)).toBe(false)
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(LoamError)
        expect((thrown as LoamError).code).toMatch(/^(bad_model|unsupported_format|bad_input|too_large)$/)
        refused++
      }
    }
    expect(refused).toBeGreaterThan(50)
  })

  it.each(['sklearn-onnx/forest.onnx', 'xgboost-json/boosting.json', 'lightgbm-text/l1.txt'])(
    'is refused wherever it is cut off: %s',
    (name) => {
      const original = golden(name)
      const step = Math.ceil(original.length / 150)
      // LightGBM writes importances and settings after its trees, which a prediction does not need.
      const needed = name.endsWith('.txt') ? original.indexOf('end of trees') : original.length - 1
      for (let length = 0; length < needed; length += step)
        expect(() => importModel(original.subarray(0, length)), `${length} bytes`).toThrow(
          expect.objectContaining({ code: 'bad_model' }),
        )
    },
  )

  it('is named with its file, the place and what to do', async () => {
    const path = `${temporaryFolder()}/model.json`
    writeFileSync(
      path,
      golden('xgboost-json/boosting.json').toString().replace('"left_children":[1', '"left_children":[99'),
    )
    await expect(importModelFile(path)).rejects.toMatchObject({
      code: 'bad_model',
      message: expect.stringMatching(
        /^.*model\.json: .* learner\.gradient_booster\.model\.trees\[0\]\.left_children\[0\] is 99\d*, of \d+ nodes\. Save it again/,
      ),
      details: { file: path, format: 'xgboost' },
    })
    await expect(importModelFile(`${path}.no`)).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('an xgboost model', () => {
  const tree = { left: [1, -1, -1], right: [2, -1, -1], columns: [0, 0, 0], conditions: [5, 1, 2] }
  it.each([
    ['a circle', { ...tree, left: [1, 0, -1], right: [2, 2, -1] }, /node 0: it is the child of two nodes/],
    ['a shared branch', { ...tree, right: [1, -1, -1] }, /node 1: it is the child of two nodes/],
    ['a child out of range', { ...tree, right: [3, -1, -1] }, /right_children\[0\] is 3, of 3 nodes/],
    ['a child that is no whole number', { ...tree, right: [1.5, -1, -1] }, /right_children\[0\] is 1.5/],
    ['a column out of range', { ...tree, columns: [2, 0, 0] }, /split_indices\[0\] is 2, of 2 columns/],
    ['a threshold that is no number', { ...tree, conditions: [NaN, 1, 2] }, /split_conditions\[0\] is not a number/],
    ['an infinite leaf', { ...tree, conditions: [5, 1e39, 2] }, /node 1: its value Infinity is not a finite/],
    ['lists of two lengths', { ...tree, columns: [0] }, /trees\[0\] differ in length/],
    ['no nodes', { left: [], right: [], columns: [], conditions: [] }, /trees\[0\] has no nodes/],
  ])('with %s is damaged', (_, faulty, message) => {
    expect(() => importModel(xgboostModel(2, [faulty]))).toThrow(
      expect.objectContaining({ code: 'bad_model', message: expect.stringMatching(message) }),
    )
  })

  it.each([
    [/reg:squarederror/, 'binary:logistic', 'unsupported_format', /the objective is binary:logistic/],
    [/gbtree"/, 'dart"', 'unsupported_format', /the booster is dart/],
    [/"num_class":"0"/, '"num_class":"3"', 'unsupported_format', /more than one value/],
    [/"num_feature":"2"/, '"num_feature":"4000000000"', 'too_large', /4000000000 predictors/],
    [/"num_trees":"1"/, '"num_trees":"7"', 'bad_model', /says it has 7 trees, but holds 1/],
    [/"base_score":"0E0"/, '"base_score":"much"', 'bad_model', /base_score is "much"/],
    [/"tree_info":\[0\]/, '"tree_info":[1]', 'unsupported_format', /several classes/],
    [/"split_indices"/, '"split_type":[1,0,0],"split_indices"', 'unsupported_format', /splits by category/],
  ] as const)('with %s as %s is refused', (from, to, code, message) => {
    const text = xgboostModel(2, [tree]).toString()
    expect(text).toMatch(from)
    expect(() => importModel(Buffer.from(text.replace(from, to)))).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    )
  })

  it('may have its base value in brackets, as newer versions write it', async () => {
    const text = xgboostModel(1, [tree]).toString().replace('"0E0"', '"[5E-1]"')
    const { model } = importModel(Buffer.from(text))
    expect([...(await model.predict([Float32Array.of(4, 5)], 2, 1))]).toEqual([1.5, 2.5])
  })
})

describe('a LightGBM model', () => {
  it.each([
    [/objective=regression/, 'objective=binary sigmoid:1', 'unsupported_format', /objective is binary/],
    [/objective=regression/, 'objective=regression sqrt', 'unsupported_format', /objective is regression sqrt/],
    [/num_class=1/, 'num_class=3', 'unsupported_format', /more than one value/],
    [/version=v4/, 'version=v9', 'unsupported_format', /version is "v9"/],
    [/is_linear=0/, 'is_linear=1', 'unsupported_format', /tree 0 has linear leaves/],
    [/decision_type=2/, 'decision_type=1', 'unsupported_format', /splits by category/],
    [/decision_type=2/, 'decision_type=6', 'unsupported_format', /zero means missing/],
    [/num_leaves=12/, 'num_leaves=900000000', 'bad_model', /does not hold the 900000000 leaves/],
    [/left_child=1/, 'left_child=0', 'bad_model', /node 0: it is the child of two nodes/],
    [/left_child=1/, 'left_child=-77', 'bad_model', /its child -77 does not exist/],
    [/threshold=\S+/, 'threshold=nan', 'bad_model', /threshold holds "nan"/],
    [/split_feature=\d/, 'split_feature=4', 'bad_model', /its column is 4, of 4/],
    [/Tree=7[^]*end of trees/, 'end of trees', 'bad_model', /says it has 8 trees, but holds 7/],
    [/max_feature_idx=3/, 'max_feature_idx=300', 'bad_model', /4 names for 301 columns/],
  ] as const)('with %s as %s is refused', (from, to, code, message) => {
    const text = golden('lightgbm-text/forest.txt').toString()
    expect(text).toMatch(from)
    expect(() => importModel(Buffer.from(text.replace(from, to)))).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    )
  })
})

describe('an ONNX model', () => {
  // Words of the same length, so that every length in the file stays right.
  it.each([
    ['onnx-operators/leq', 'BRANCH_LEQ', 'BRANCH_NEQ', 'unsupported_format', /a node compares by BRANCH_NEQ/],
    ['onnx-operators/average', 'AVERAGE', 'MAXIMUM', 'unsupported_format', /joined by MAXIMUM/],
    ['onnx-operators/scaler', 'Scaler', 'Binary', 'unsupported_format', /the graph has Binary: only Identity/],
    ['onnx-operators/add', 'Add', 'Mul', 'unsupported_format', /the graph has Mul: only Identity/],
    ['onnx-operators/add', '\n\x01u\x12\x01y', '\n\x01y\x12\x01y', 'bad_model', /graph goes in a circle/],
    ['onnx-operators/leq', '\n\x01x\x12\x01y', '\n\x01q\x12\x01y', 'bad_model', /nothing in the graph makes "q"/],
    ['sklearn-onnx/forest', 'NONE', 'SOFT', 'unsupported_format', /transform \(SOFT\)/],
    ['sklearn-onnx/forest', 'target_nodeids', 'target_nodeidz', 'bad_model', /target_nodeids holds 0 numbers, not/],
    ['sklearn-onnx/forest', 'nodes_modes', 'nodes_model', 'bad_model', /nodes_modes holds 0 words/],
    ['sklearn-onnx/forest', 'ai.onnx.ml', 'ai.onnx.xx', 'unsupported_format', /the graph has TreeEnsembleRegressor/],
    ['onnx-operators/ensemble', 'tree_roots', 'tree_rootz', 'bad_model', /it has no trees/],
    ['onnx-operators/ensemble', 'leaf_weights', 'leaf_weightz', 'bad_model', /leaf_targetids holds 48 numbers, not 0/],
  ] as const)('%s with %j as %j is refused', (name, from, to, code, message) => {
    const text = golden(`${name}.onnx`).toString('latin1')
    expect(text).toContain(from)
    expect(() => importModel(Buffer.from(text.replaceAll(from, to), 'latin1'))).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    )
  })

  it.each([
    ['a length beyond its end', [0x08, 0x08, 0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f], /it is cut off \(byte/],
    ['a length beyond all numbers', [0x08, 0x08, 0x3a, ...Array<number>(9).fill(0xff), 0x01], /a length is negative/],
    ['a number without end', [0x08, 0x08, 0x28, ...Array<number>(12).fill(0xff)], /a whole number has no end/],
    ['a group', [0x08, 0x08, 0x3b], /no field begins/],
    ['no graph', [0x08, 0x08], /it has no graph/],
    ['two graphs', [0x08, 0x08, 0x3a, 0x00, 0x3a, 0x00], /it has two graphs/],
  ])('with %s is damaged', (_, bytes, message) => {
    expect(() => importModel(Buffer.from(bytes))).toThrow(
      expect.objectContaining({ code: 'bad_model', message: expect.stringMatching(message) }),
    )
  })
})

describe('importModel', () => {
  it.each([
    ['UBJSON', Buffer.from('{L\0\0\0\0\0\0\0\x07learner{'), 'unsupported_format', /UBJSON.*save_model\('name\.json'\)/],
    ['a pickle', Buffer.from('\x80\x05\x95sklearn', 'latin1'), 'unsupported_format', /Python pickle/],
    ['a model of Loam', Buffer.from('LOAMFRST\x02\0\0\0'), 'bad_model', /of Loam itself/],
    ['a picture', Buffer.from('\x89PNG\r\n', 'latin1'), 'bad_model', /none of the models/],
    ['nothing', Buffer.alloc(0), 'bad_model', /none of the models/],
    ['other JSON', Buffer.from('{"a": 1}'), 'bad_model', /learner is missing/],
    ['deep JSON', Buffer.from(`{"learner":${'['.repeat(200_000)}`), 'bad_model', /it is not JSON/],
    ['zeros', Buffer.alloc(1000), 'bad_model', /none of the models/],
  ])('refuses %s', (_, bytes, code, message) => {
    expect(() => importModel(bytes)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }))
  })
})
