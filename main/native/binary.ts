import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface RunOptions {
  /** Threads used; the result is the same for every number. */
  readonly threads: number
  readonly signal?: AbortSignal
  /** Share done, 0 to 1, at most some twenty times a second. */
  readonly onProgress?: (share: number) => void
}

/** A failure of a kernel. `code` is one of the error codes of the contract, which this room does not know. */
export class NativeError extends Error {
  override readonly name = 'NativeError'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** A kernel at work. */
export interface Task<T> {
  readonly promise: Promise<T>
  stop(): void
}
export interface TaskOptions {
  threads: number
  onProgress?: (share: number) => void
}

let loaded: unknown

/** The binary, loaded at the first use, by the doors a file of this room knows of it (addon/module.cc opens them). Found from the sources and from the bundle in `out/main/` alike.
 *  @throws NativeError internal when it is not built */
export function binary<Doors>(): Doors {
  if (loaded) return loaded as Doors
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!isPackageRoot(folder)) {
    const parent = dirname(folder)
    if (parent === folder)
      throw new NativeError('internal', `No folder of the package "loam" around ${fileURLToPath(import.meta.url)}.`)
    folder = parent
  }
  const path = join(folder, 'main/native/build/Release/loam.node')
  if (!existsSync(path))
    throw new NativeError(
      'internal',
      `The native part of Loam is not built: ${path} is missing. Run \`npm run setup\`.`,
    )
  loaded = createRequire(import.meta.url)(path)
  return loaded as Doors
}

function isPackageRoot(folder: string): boolean {
  const path = join(folder, 'package.json')
  return existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as { name?: string }).name === 'loam'
}

/** Starts a task, stops it when the signal says so, and waits for it. */
export async function run<T>(options: RunOptions, start: (options: TaskOptions) => Task<T>): Promise<T> {
  checkCount(options.threads, 1, 'threads')
  const { signal, onProgress } = options
  if (signal?.aborted) throw new NativeError('cancelled', 'Stopped on request.')
  let isRunning = true
  const task = start({
    threads: options.threads,
    onProgress: onProgress && ((share) => void (isRunning && onProgress(share))),
  })
  const stop = (): void => task.stop()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    return await task.promise
  } catch (thrown) {
    throw asNativeError(thrown)
  } finally {
    isRunning = false
    signal?.removeEventListener('abort', stop)
  }
}

export function direct<T>(call: () => T): T {
  try {
    return call()
  } catch (thrown) {
    throw asNativeError(thrown)
  }
}

function asNativeError(thrown: unknown): unknown {
  const { code, message } = thrown as { code?: unknown; message?: unknown }
  return typeof code === 'string' ? new NativeError(code, String(message)) : thrown
}

export function checkColumns(predictors: readonly Float32Array[], length: number): void {
  predictors.forEach((column, i) => checkArray(column, Float32Array, length, `predictor ${i + 1}`))
}

export function checkArray(
  array: unknown,
  type: Float32ArrayConstructor | Float64ArrayConstructor | Uint8ArrayConstructor,
  length: number,
  name: string,
): void {
  if (!(array instanceof type) || array.length !== length)
    throw new TypeError(`${name} needs to be a ${type.name} of ${length} values`)
}

export function checkCount(value: number, least: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new TypeError(`${name} needs to be a whole number >= ${least}`)
}
