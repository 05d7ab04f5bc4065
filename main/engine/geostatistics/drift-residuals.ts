import { LoamError } from '../../contract/index.ts'

/** What ordinary least squares on a constant and the drift columns leaves of the values: the variogram of kriging with drift is
 *  that of these (as in gstat). Modified Gram–Schmidt, twice, on centred columns.
 *  @returns Float64Array[n]
 *  @throws bad_input when a column is constant or follows from those before */
export function driftResiduals(values: Float64Array, drift: readonly Float64Array[]): Float64Array {
  const residuals = centred(values)
  const basis: Float64Array[] = []
  for (const [d, column] of drift.entries()) {
    const own = centred(column)
    const before = dot(own, own)
    for (let pass = 0; pass < 2; pass++) for (const other of basis) subtract(own, other)
    const left = dot(own, own)
    if (!(left > 1e-10 * before) || !(before > 1e-24 * dot(column, column)))
      throw new LoamError(
        'bad_input',
        `Drift column ${d + 1} is constant at the points or follows from those before it. Leave it out.`,
        { column: d + 1 },
      )
    basis.push(own.map((value) => value / Math.sqrt(left)))
    subtract(residuals, basis[d])
  }
  return residuals
}

function centred(column: Float64Array): Float64Array {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length
  return column.map((value) => value - mean)
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

function subtract(from: Float64Array, unit: Float64Array): void {
  const share = dot(from, unit)
  for (let i = 0; i < from.length; i++) from[i] -= share * unit[i]
}
