/** Eigenvalues and eigenvectors of a symmetric matrix, by cyclic Jacobi rotations: exact to rounding, and quick for the tens of
 *  predictors it is for.
 *  @param matrix Float64Array[n × n], symmetric; it is left alone
 *  @returns values: Float64Array[n] in no order; vectors: Float64Array[n × n], eigenvector k in column k, of length 1
 *  Source: Golub & Van Loan (2013), Matrix Computations, 8.5. */
export function symmetricEigen(matrix: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const a = Float64Array.from(matrix)
  const vectors = new Float64Array(n * n)
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1
  const rotate = (of: Float64Array, p: number, q: number, c: number, s: number, step: number, stride: number): void => {
    for (let k = 0; k < n; k++) {
      const atP = k * step + p * stride
      const atQ = k * step + q * stride
      const [x, y] = [of[atP], of[atQ]]
      of[atP] = c * x - s * y
      of[atQ] = s * x + c * y
    }
  }
  // Each sweep roughly squares what is left beside the diagonal; ten are more than ever needed.
  for (let sweep = 0; sweep < 30; sweep++) {
    let beside = 0
    let total = 0
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        total += a[i * n + j] ** 2
        if (i !== j) beside += a[i * n + j] ** 2
      }
    if (beside <= 1e-32 * total) break
    for (let p = 0; p < n - 1; p++)
      for (let q = p + 1; q < n; q++) {
        const between = a[p * n + q]
        if (between === 0) continue
        const slope = (a[q * n + q] - a[p * n + p]) / (2 * between)
        const t = Math.sign(slope || 1) / (Math.abs(slope) + Math.sqrt(slope * slope + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        rotate(a, p, q, c, t * c, n, 1)
        rotate(a, p, q, c, t * c, 1, n)
        rotate(vectors, p, q, c, t * c, n, 1)
      }
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]), vectors }
}
