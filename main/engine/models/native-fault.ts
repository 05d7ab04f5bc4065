import { errorCodes, LoamError } from '../../contract/index.ts'
import type { ErrorCode } from '../../contract/index.ts'
import { NativeError } from '../../native/index.ts'

/** Runs a native call; its failures become LoamErrors. */
export async function withLoamErrors<T>(call: () => T | Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (thrown) {
    throw asLoam(thrown)
  }
}

export function asLoam(thrown: unknown): unknown {
  if (!(thrown instanceof NativeError)) return thrown
  return new LoamError(thrown.code in errorCodes ? (thrown.code as ErrorCode) : 'internal', thrown.message)
}
