import type { Random } from '../numeric/index.ts'

/** A smooth random surface: normal numbers on a lattice, joined by cubic B-splines, then brought to mean 0 and
 *  standard deviation 1 over the window.
 *  @param scale distance of the lattice points, in cells
 *  @returns Float32Array[rows × cols] */
export function smoothNoise(random: Random, rows: number, cols: number, scale: number): Float32Array {
  const latticeRows = Math.ceil(rows / scale) + 4
  const latticeCols = Math.ceil(cols / scale) + 4
  const lattice = Float32Array.from({ length: latticeRows * latticeCols }, () => random.normal())
  const offsetRow = random.uniform()
  const offsetCol = random.uniform()

  const stretched = new Float32Array(latticeRows * cols)
  for (let col = 0; col < cols; col++) {
    const [k, w0, w1, w2, w3] = splineWeights(col / scale + offsetCol)
    for (let row = 0; row < latticeRows; row++) {
      const i = row * latticeCols + k
      stretched[row * cols + col] = w0 * lattice[i] + w1 * lattice[i + 1] + w2 * lattice[i + 2] + w3 * lattice[i + 3]
    }
  }
  const values = new Float32Array(rows * cols)
  for (let row = 0; row < rows; row++) {
    const [k, w0, w1, w2, w3] = splineWeights(row / scale + offsetRow)
    const i = k * cols
    for (let col = 0; col < cols; col++) {
      const j = i + col
      values[row * cols + col] =
        w0 * stretched[j] + w1 * stretched[j + cols] + w2 * stretched[j + 2 * cols] + w3 * stretched[j + 3 * cols]
    }
  }
  return standardise(values)
}

/** Several smooth surfaces on top of each other, standardised: `layers` are [scale in cells, weight]. */
export function layeredNoise(random: Random, rows: number, cols: number, layers: [number, number][]): Float32Array {
  const sum = new Float32Array(rows * cols)
  for (const [scale, weight] of layers) {
    const layer = smoothNoise(random, rows, cols, scale)
    for (let i = 0; i < sum.length; i++) sum[i] += weight * layer[i]
  }
  return standardise(sum)
}

function splineWeights(position: number): [number, number, number, number, number] {
  const k = Math.floor(position)
  const t = position - k
  const u = 1 - t
  return [k, u ** 3 / 6, (3 * t ** 3 - 6 * t ** 2 + 4) / 6, (3 * u ** 3 - 6 * u ** 2 + 4) / 6, t ** 3 / 6]
}

function standardise(values: Float32Array): Float32Array {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  const mean = sum / values.length
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2
  const deviation = Math.sqrt(squares / values.length) || 1
  for (let i = 0; i < values.length; i++) values[i] = (values[i] - mean) / deviation
  return values
}
