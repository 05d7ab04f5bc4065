import { errorCodes, LoamError } from '../../contract/index.ts'
import type { ErrorCode } from '../../contract/index.ts'
import { NativeError } from '../../native/index.ts'
import type { VariogramModel } from './variogram-model.ts'
import { variogramShapes } from './variogram-shapes.ts'

/** A variogram as the kernels take it: six numbers for each part. */
export function modelNumbers(model: VariogramModel): Float64Array {
  return Float64Array.from(
    model.flatMap(({ shape, partialSill, range, smoothness, angle, ratio }) => [
      variogramShapes[shape].kernelCode,
      partialSill,
      range,
      smoothness,
      angle,
      ratio,
    ]),
  )
}

/** Failures of the kernels as failures of Loam. */
export async function withLoamErrors<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (thrown) {
    if (!(thrown instanceof NativeError)) throw thrown
    throw new LoamError(thrown.code in errorCodes ? (thrown.code as ErrorCode) : 'internal', thrown.message)
  }
}
