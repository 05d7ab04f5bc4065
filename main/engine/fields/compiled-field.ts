import { LoamError, reasonCodes, wholeGrid } from '../../contract/index.ts'
import type { Block, Day, FieldExpression, Grid, GridWindow, Kind } from '../../contract/index.ts'
import { hashJson } from '../files/index.ts'
import { resample } from '../raster/index.ts'
import { assemble, blankBlock, overlap, uniformBlock, windowOn } from './blocks.ts'
import type { BlockCache } from './block-cache.ts'
import type { FieldContext } from './field-context.ts'
import type { Field, ReadOptions } from './field.ts'

export type Times = Field['times']
export type Compute = (window: GridWindow, day: Day, signal?: AbortSignal) => Promise<Block>

/** What a form of expression says about itself. */
export interface FieldParts {
  readonly unit: string
  readonly kind: Kind
  readonly times: Times
  readonly nativeGrid: Grid | null
  readonly lineage: string
  /** Plain JSON that decides every number, with inputs as their ids; hashed. */
  readonly identity: Record<string, unknown>
  /** The same for one day only. */
  identityOn(day: Day): unknown
  /** Reason code when no cell can have a value on that day, so that nothing need be read; else 0. */
  absence(day: Day): number
  /** Values on a window of the native grid, or of any grid when there is none. Only called when `absence` is 0. */
  readonly compute: Compute
  /** The same value everywhere. */
  readonly isUniform?: boolean
  /** Valid fraction that the expression states itself, or that of its inputs. */
  readonly statedFraction?: number | null
  /** Dataset and variable, for a field that is plainly one series. */
  readonly origin?: Origin
}

export interface Origin {
  readonly dataset: string
  readonly variable: string
  /** Cell size in words. */
  readonly cell: string
}

/** A field with what other forms need to build on it. */
export interface CompiledField extends Field, Omit<FieldParts, 'identity' | 'identityOn' | 'origin'> {
  readonly origin?: Origin
  readonly minValidFraction: number
}

/** What a form needs to compile itself. */
export interface Compiling {
  /** Path of the expression, as errors show it: `evi.bands.red`. */
  readonly path: string
  readonly context: FieldContext
  readonly cache: BlockCache
  /** Compiles an expression inside this one; `step` is added to the path. */
  inner(expression: FieldExpression, step: string): CompiledField
}

/** Makes a field of a form's parts: identity, and the way to any window.
 *  The field is computed on its native grid and only then brought to the window asked for, by its kind. */
export function makeField(parts: FieldParts, { path, context, cache }: Compiling): CompiledField {
  const statedFraction = parts.statedFraction ?? null
  const minValidFraction = statedFraction ?? context.minValidFraction
  // Two inputs on equally fine grids: the first decides, so the grid is part of what decides the numbers.
  const shared = {
    kind: parts.kind,
    grid: parts.nativeGrid,
    minValidFraction: parts.nativeGrid ? minValidFraction : null,
  }
  const id = hashJson({ ...shared, ...parts.identity })
  const field: CompiledField = {
    ...parts,
    compute: withinGrid(parts.nativeGrid, parts.origin ? parts.compute : inStrips(parts.compute)),
    id,
    name: path,
    statedFraction,
    minValidFraction,
    idOn: (day) => (parts.times === 'static' ? id : hashJson({ ...shared, on: parts.identityOn(day) })),
    read: (window, day, options) => readWhole(field, cache, window, day, options),
  }
  return field
}

/** `Field.read`: values on any window. What a static field gives on a foreign grid is kept, as it is asked for again on
 *  every day: a slope of 10 m cells averaged to 1 km reads ten thousand cells for each one it returns. */
export async function readWhole(
  field: CompiledField,
  cache: BlockCache,
  window: GridWindow,
  day: Day,
  { signal }: ReadOptions = {},
): Promise<Block> {
  const read = (): Promise<Block> => readAs(field, field.kind, window, day, signal)
  if (field.times !== 'static' || field.nativeGrid === null || windowOn(field.nativeGrid, window)) return read()
  const { grid, row, col, rows, cols } = window
  const key = [field.id, grid.crs, ...grid.transform, grid.rows, grid.cols, row, col, rows, cols].join(' ')
  const kept = await cache.get(key, read, signal)
  // The caller owns what it gets and may write into it.
  return { rows, cols, values: kept.values.slice(), reasons: kept.reasons.slice() }
}

/** Values of a field on a window, brought there as a quantity of the given kind.
 *  @throws cancelled when the signal has been raised */
export async function readAs(
  field: CompiledField,
  kind: Kind,
  window: GridWindow,
  day: Day,
  signal?: AbortSignal,
): Promise<Block> {
  if (signal?.aborted) throw new LoamError('cancelled', 'Stopped on request.')
  const absent = field.absence(day)
  if (absent !== reasonCodes.none) return blankBlock(window, absent)
  if (field.isUniform) {
    const one = await field.compute({ ...window, rows: 1, cols: 1 }, day, signal)
    return uniformBlock(window, one.values[0], one.reasons[0])
  }
  if (field.nativeGrid === null) return field.compute(window, day, signal)
  const own = windowOn(field.nativeGrid, window)
  if (own) return field.compute(own, day, signal)
  const source = {
    grid: field.nativeGrid,
    kind,
    read: (part: GridWindow, stop?: AbortSignal) => field.compute(part, day, stop ?? signal),
  }
  return resample(source, window, { minValidFraction: field.minValidFraction, signal })
}

/** A native grid ends where its source does: outside it a field has no value, whatever its other inputs have there. */
function withinGrid(grid: Grid | null, compute: Compute): Compute {
  if (grid === null) return compute
  return async (window, day, signal) => {
    const inside = overlap(wholeGrid(grid), window)
    if (inside && inside.rows === window.rows && inside.cols === window.cols) return compute(window, day, signal)
    return assemble({ ...window, grid }, inside ? [inside] : [], (part) => compute(part, day, signal))
  }
}

/** Cells computed at a time. A form holds several arrays a cell while it works: inputs, scratch, result. */
const cellsAtOnce = 256 * 1024

/** Computes a large window in strips of rows, so that memory grows with the result only and a stop is heeded soon. */
function inStrips(compute: Compute): Compute {
  return (window, day, signal) => {
    const { row, rows, cols } = window
    if (rows * cols <= cellsAtOnce) return compute(window, day, signal)
    const height = Math.max(1, Math.floor(cellsAtOnce / cols))
    const strips: GridWindow[] = []
    for (let at = 0; at < rows; at += height)
      strips.push({ ...window, row: row + at, rows: Math.min(height, rows - at) })
    return assemble(window, strips, (strip) => compute(strip, day, signal))
  }
}
