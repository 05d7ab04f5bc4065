import { LoamError } from '../../contract/index.ts'
import type { ClosureGate, GridWindow } from '../../contract/index.ts'
import { residualMethods } from '../geostatistics/index.ts'
import type { Closure, Correction, ResidualMethod } from '../geostatistics/index.ts'
import { axisCentres } from '../raster/index.ts'

/** A coarse cell that a fine map does not give back. */
export interface OpenCell {
  /** Of the coarse product's own grid, counted from 0. */
  readonly row: number
  readonly col: number
  /** Its centre in the CRS of the coarse product. */
  readonly x: number
  readonly y: number
  readonly crs: string
  /** Area mean of the map − coarse value, target units. */
  readonly difference: number
  /** Its fine cells that were cut to the limits. */
  readonly cut: number
}

/** The cells farthest from their values, where they are beyond the tolerance: of all, and of those in which nothing was cut. */
export interface OpenCells {
  readonly any: OpenCell | null
  readonly uncut: OpenCell | null
}

/** @param window the part of the coarse grid that the map was corrected on */
export function openCells(
  { closureMap, cutCells, closure }: Pick<Correction, 'closureMap' | 'cutCells' | 'closure'>,
  window: GridWindow,
): OpenCells {
  let [any, uncut] = [-1, -1]
  const isWorse = (i: number, than: number): boolean => than < 0 || Math.abs(closureMap[i]) > Math.abs(closureMap[than])
  for (let i = 0; i < closureMap.length; i++) {
    if (!(Math.abs(closureMap[i]) > closure.tolerance)) continue
    if (isWorse(i, any)) any = i
    if (cutCells[i] === 0 && isWorse(i, uncut)) uncut = i
  }
  const centres = axisCentres(window)
  const cellAt = (i: number): OpenCell | null => {
    if (i < 0) return null
    const [row, col] = [Math.floor(i / window.cols), i % window.cols]
    return {
      row: window.row + row,
      col: window.col + col,
      x: centres.x[col],
      y: centres.y[row],
      crs: window.grid.crs,
      difference: closureMap[i],
      cut: cutCells[i],
    }
  }
  return { any: cellAt(any), uncut: cellAt(uncut) }
}

/** What the gate is asked about a map, and what its settings are called where they are set. */
export interface GatedMap {
  readonly gate: ClosureGate
  readonly method: ResidualMethod
  readonly closure: Closure
  /** Absent in records of before it was kept. */
  readonly open?: OpenCells
  /** Cells cut to the limits. */
  readonly clamped: number
  /** Empty where it is not known. */
  readonly unit: string
  /** The map of 2018-07-04 */
  readonly map: string
  /** `product.residual.clamp` and `product.residual.gate`, or the options of a command. */
  readonly settings: { readonly clamp: string; readonly gate: string }
}

/** Why a map may not be published; null when it may. Only a method that promises the coarse values is held to them. */
export function closureFault(asked: GatedMap): LoamError | null {
  const { gate, method, closure, open, clamped, unit, map, settings } = asked
  if (gate === 'warn' || !residualMethods[method].isCoherent || !(closure.largest > closure.tolerance)) return null
  const isStrict = gate === 'strict'
  if (open ? !(isStrict ? open.any : open.uncut) : !isStrict && clamped > 0) return null
  const cell = open ? (isStrict ? open.any : open.uncut) : null
  const withUnit = (text: string): string => (unit === '' ? text : `${text} ${unit}`)
  const needed = `at most ${withUnit(closure.tolerance.toExponential(0))} was needed`
  const found = cell
    ? `over the coarse cell in row ${cell.row}, column ${cell.col} (counted from 0; centre ${short(cell.x)}, ${short(cell.y)} in ${cell.crs}) ` +
      `it is ${withUnit(Math.abs(cell.difference).toExponential(1))} too ${cell.difference > 0 ? 'high' : 'low'}; ${needed}.`
    : `it is off by up to ${withUnit(closure.largest.toExponential(1))}; ${needed}.`
  const cut = cell ? cell.cut : clamped
  const why =
    cut > 0
      ? ` ${cut} fine cells ${cell ? 'in it ' : ''}were cut to the limits: widen or drop ${settings.clamp},`
      : ' Coarse cells hardly longer than the fine ones that they cut need not have a solution: choose a fine grid that fits into the coarse one, or is finer,'
  return new LoamError(
    'not_closed',
    `${map} does not average to the coarse values: ${found}${why} or set ${settings.gate} to "warn" to have the map nevertheless.`,
    { ...cell, largest: closure.largest, tolerance: closure.tolerance, clamped },
  )
}

/** Coordinates to the metre, or to a ten-thousandth of a degree. */
function short(coordinate: number): string {
  return String(Number(coordinate.toFixed(Math.abs(coordinate) <= 360 ? 4 : 0)))
}
