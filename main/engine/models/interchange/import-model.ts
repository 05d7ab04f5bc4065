import { open } from 'node:fs/promises'
import { asLoamError, LoamError } from '../../../contract/index.ts'
import type { Model } from '../model.ts'
import { assembleModel } from './assemble-model.ts'
import type { ImportOptions } from './assemble-model.ts'
import { damaged, foreignFormats, unsupported } from './complaints.ts'
import type { ForeignFormat } from './complaints.ts'
import type { ForeignModel } from './foreign-trees.ts'
import { readLightgbm } from './import-lightgbm.ts'
import { readMlRandomForest } from './import-ml-random-forest.ts'
import { readOnnx } from './import-onnx.ts'
import { readXgboost } from './import-xgboost.ts'

export interface ImportedModel {
  readonly model: Model
  readonly format: ForeignFormat
  /** What a user should know of how the file was understood; usually empty. */
  readonly notes: string[]
}

/** JavaScript's texts end near 512 MB. */
const mostTextBytes = 500_000_000
const mostBytes = 1_000_000_000

const readers: Record<ForeignFormat, (bytes: Buffer) => ForeignModel> = {
  onnx: (bytes) => readOnnx(bytes),
  xgboost: (bytes) => readXgboost(parseJson(bytes, 'xgboost')),
  lightgbm: (bytes) => readLightgbm(textOf(bytes, 'lightgbm')),
  'ml-random-forest': (bytes) => readMlRandomForest(parseJson(bytes, 'ml-random-forest')),
}

/** Takes over a regression forest or boosted trees that another program saved.
 *  Cells go the same way through every tree as there; leaf values are rounded to float32, sums are made in double precision.
 *  @param options.format default by what the file begins with
 *  @throws bad_model, unsupported_format, too_large, bad_input, not_found; the message names the file */
export async function importModelFile(
  path: string,
  options: ImportOptions & { readonly format?: ForeignFormat } = {},
): Promise<ImportedModel> {
  const bytes = await readAll(path)
  try {
    return importModel(bytes, options)
  } catch (thrown) {
    if (!(thrown instanceof LoamError)) throw thrown
    throw new LoamError(thrown.code, `${path}: ${thrown.message}`, { ...thrown.details, file: path })
  }
}

/** The same from memory. */
export function importModel(
  bytes: Buffer,
  options: ImportOptions & { readonly format?: ForeignFormat } = {},
): ImportedModel {
  const format = options.format ?? formatOf(bytes)
  const foreign = readers[format](bytes)
  return { model: assembleModel(foreign, options), format, notes: foreign.notes }
}

/** @throws bad_model, unsupported_format */
function formatOf(bytes: Buffer): ForeignFormat {
  const head = bytes.subarray(0, 65_536).toString('latin1')
  if (/^tree\r?\n/.test(head)) return 'lightgbm'
  if (/^(\xef\xbb\xbf)?\s*\{\s*["}]/.test(head))
    return /"name"\s*:\s*"RF(Regression|Classifier)"/.test(head) && !head.includes('"learner"')
      ? 'ml-random-forest'
      : 'xgboost'
  if (/^\{[LlIiU#$]/.test(head))
    throw unsupported('xgboost', 'the file is UBJSON', "Save it as JSON: model.save_model('name.json').")
  if (/^(binf|CONFIG-offset|bs64)/.test(head))
    throw unsupported(
      'xgboost',
      'the file is of its old binary form',
      "Save it as JSON: model.save_model('name.json').",
    )
  if (head.startsWith('LOAMFRST'))
    throw new LoamError('bad_model', 'This is a model file of Loam itself. Use it as it is.')
  if (/^(\x80[\x02-\x05]|\x1f\x8b|PK|x[\x01\x9c\xda])/.test(head))
    throw new LoamError(
      'unsupported_format',
      'This is a Python pickle or an archive, which only the program that wrote it can open safely. Export the model to ONNX (skl2onnx), or with save_model() to xgboost JSON or LightGBM text.',
    )
  // An ONNX file begins with its version: field 1, a small whole number.
  if (/^\x08[\x01-\x7f]/.test(head)) return 'onnx'
  throw new LoamError(
    'bad_model',
    `This is none of the models Loam can take over: ${Object.values(foreignFormats)
      .map(({ name }) => name)
      .join(', ')}. Export it as one of these, or tell its format if it is one.`,
  )
}

function parseJson(bytes: Buffer, format: ForeignFormat): unknown {
  try {
    return JSON.parse(textOf(bytes, format).replace(/^\ufeff/, ''))
  } catch (fault) {
    if (fault instanceof LoamError) throw fault
    throw damaged(format, `it is not JSON: ${(fault as Error).message}`)
  }
}

function textOf(bytes: Buffer, format: ForeignFormat): string {
  if (bytes.length > mostTextBytes) throw tooLarge(bytes.length, mostTextBytes, foreignFormats[format].name)
  return bytes.toString('utf8')
}

async function readAll(path: string): Promise<Buffer> {
  try {
    const file = await open(path)
    try {
      const { size } = await file.stat()
      if (size > mostBytes) throw tooLarge(size, mostBytes, 'a model')
      return await file.readFile()
    } finally {
      await file.close()
    }
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EISDIR')
      throw new LoamError('not_found', `There is no file ${path}. Give the path of a saved model.`, { file: path })
    throw asLoamError(thrown)
  }
}

function tooLarge(size: number, most: number, what: string): LoamError {
  return new LoamError(
    'too_large',
    `The file has ${Math.round(size / 1e6)} MB; as ${what} Loam reads up to ${most / 1e6}. Train it with larger leaves or fewer trees.`,
  )
}
