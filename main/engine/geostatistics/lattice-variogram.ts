import type { EmpiricalVariogram } from './empirical-variogram.ts'

/** The sample variogram of values on a lattice, all pairs of cells up to a number of cells apart, one bin for each cell side: some
 *  hundred subtractions a cell, where pairs of points would cost the square of their number.
 *  @param layers values on the same lattice, dates or one; pairs are formed within a layer. Float64Array[rows × cols], NaN missing
 *  @param cell sides of a cell; lags are in their unit
 *  @param cutoffCells largest lag in cells
 *  Estimator: Matheron (1963). */
export function latticeVariogram(
  layers: readonly Float64Array[],
  rows: number,
  cols: number,
  cell: { readonly width: number; readonly height: number },
  cutoffCells: number,
): EmpiricalVariogram {
  const width = Math.sqrt(cell.width * cell.height)
  const pairs = new Float64Array(cutoffCells + 1)
  const lags = new Float64Array(cutoffCells + 1)
  const sums = new Float64Array(cutoffCells + 1)
  const reachDown = Math.min(rows - 1, Math.ceil((cutoffCells * width) / cell.height))
  const reachAcross = Math.min(cols - 1, Math.ceil((cutoffCells * width) / cell.width))
  for (let down = 0; down <= reachDown; down++)
    for (let across = down === 0 ? 1 : -reachAcross; across <= reachAcross; across++) {
      const lag = Math.hypot(down * cell.height, across * cell.width)
      const bin = Math.max(1, Math.round(lag / width))
      if (bin > cutoffCells) continue
      for (const values of layers)
        for (let row = 0; row + down < rows; row++)
          for (let col = Math.max(0, -across); col < Math.min(cols, cols - across); col++) {
            const difference = values[(row + down) * cols + col + across] - values[row * cols + col]
            if (Number.isNaN(difference)) continue
            pairs[bin]++
            lags[bin] += lag
            sums[bin] += difference * difference
          }
    }
  const bins = Array.from(pairs, (n, i) => ({ pairs: n, lag: lags[i] / n, semivariance: sums[i] / n / 2 }))
  return { bins: bins.filter(({ pairs: n }) => n > 0), cutoff: cutoffCells * width, width, estimator: 'matheron' }
}
