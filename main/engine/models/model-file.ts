import { readFile } from 'node:fs/promises'
import { asLoamError, LoamError } from '../../contract/index.ts'
import { publishBytes } from '../files/index.ts'
import { decodeForest, describeForest } from '../../native/index.ts'
import { forestModel } from './forest.ts'
import { linearFits, linearModel } from './linear.ts'
import { mlpFits, mlpModel } from './mlp.ts'
import { asLoam } from './native-fault.ts'
import { ModelInfo } from './model.ts'
import type { Model } from './model.ts'
import { decodeNumbers, isNumberFile } from './number-file.ts'
import { svrFits, svrModel } from './svr.ts'

/** Reads the bytes of a model file; every length, index and number in it is checked, and the checksum.
 *  @throws bad_model, newer_version */
export function decodeModel(bytes: Uint8Array): Model {
  if (isNumberFile(bytes)) return decodeNumberModel(bytes)
  try {
    const { forest, json } = decodeForest(bytes)
    const info = readInfo(json)
    const { predictorCount, treeCount } = describeForest(forest)
    const columns = info.columns ?? info.predictors
    if (info.type in numberModels || columns.length !== predictorCount || info.treeCount !== treeCount)
      throw badModel('its header names other predictors or trees than it has')
    return forestModel(forest, info)
  } catch (thrown) {
    throw asLoam(thrown)
  }
}

/** Models that are equations: how many numbers each of their arrays has, and how they are made. */
const numberModels = {
  linear: { fits: linearFits, make: linearModel },
  svr: { fits: svrFits, make: svrModel },
  mlp: { fits: mlpFits, make: mlpModel },
} as const

function decodeNumberModel(bytes: Uint8Array): Model {
  const { json, arrays } = decodeNumbers(bytes)
  const info = readInfo(json)
  if (info.type === 'forest' || info.type === 'boosting')
    throw badModel('its header names another kind of model than it holds')
  const { fits, make } = numberModels[info.type]
  if (!fits(info, arrays)) throw badModel('its arrays are of other lengths than its header says')
  return make(info, arrays)
}

/** @throws bad_model, newer_version, not_found; the message names the file */
export async function readModelFile(path: string): Promise<Model> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EISDIR')
      throw new LoamError(
        'not_found',
        `There is no model file ${path}. Check the name, or train one with \`loam train\`.`,
        { file: path },
      )
    throw asLoamError(thrown)
  }
  try {
    return decodeModel(bytes)
  } catch (thrown) {
    if (!(thrown instanceof LoamError)) throw thrown
    throw new LoamError(thrown.code, `${path}: ${thrown.message}`, { ...thrown.details, file: path })
  }
}

/** Writes whole or not at all. @throws disk_full, io_failed */
export async function writeModelFile(path: string, model: Model): Promise<void> {
  await publishBytes(path, model.encode())
}

function readInfo(json: string): ModelInfo {
  let parsed: unknown
  try {
    parsed = JSON.parse(json)
  } catch {
    throw badModel('its header is not JSON')
  }
  const result = ModelInfo.safeParse(parsed)
  if (!result.success) throw badModel(`its header has a fault at ${result.error.issues[0].path.join('.') || 'its top'}`)
  if (new Set(result.data.predictors).size < result.data.predictors.length) throw badModel('it names a predictor twice')
  if (result.data.columns?.some((predictor) => predictor >= result.data.predictors.length))
    throw badModel('it has a column of no predictor')
  return result.data
}

function badModel(found: string): LoamError {
  return new LoamError(
    'bad_model',
    `The model file cannot be used: ${found}. Take another copy of it or train the model again.`,
  )
}
