import { LoamError } from '../../contract/index.ts'
import type { EmpiricalVariogram, LagBin } from './empirical-variogram.ts'
import { modelDistance, variogramPart } from './variogram-model.ts'
import type { VariogramModel } from './variogram-model.ts'
import { variogramShapes } from './variogram-shapes.ts'
import type { ShapeName } from './variogram-shapes.ts'

/** What a part of the model is to be; partial sills are always fitted. */
export interface PartToFit {
  readonly shape: ShapeName
  /** Kept at this value instead of being fitted. */
  readonly range?: number
  /** Matérn's κ, never fitted; default 0.5. */
  readonly smoothness?: number
}

export interface FittedVariogram {
  readonly model: VariogramModel
  /** Σ N/h² (γ̂ − γ)², gstat's SSErr. */
  readonly weightedSquares: number
  /** 1 − weighted squares / those about the weighted mean of γ̂. */
  readonly r2: number
  /** Words on what to look at: a range beyond the lags, no nugget found, … */
  readonly notes: readonly string[]
}

/** Fits a nested model to a sample variogram by least squares with weights N/h² (gstat's fit.method 7), all partial sills >= 0.
 *  For given ranges the partial sills are a linear problem, solved exactly; the ranges are searched on a logarithmic raster and
 *  refined, so that no starting value is asked for.
 *  @throws bad_input without parts, with more than 3 ranges to find; too_few_rows for fewer bins than parameters */
export function fitVariogram(empirical: EmpiricalVariogram, parts: readonly PartToFit[]): FittedVariogram {
  const { bins } = empirical
  const free = parts.flatMap(({ shape, range }, p) =>
    variogramShapes[shape].hasRange && range === undefined ? [p] : [],
  )
  if (parts.length === 0 || free.length > 3)
    throw new LoamError(
      'bad_input',
      `A model of ${parts.length} parts with ${free.length} unknown ranges was asked for. Give 1 part or more, and fix ranges beyond the third.`,
    )
  if (bins.length < parts.length + free.length)
    throw new LoamError(
      'too_few_rows',
      `The sample variogram has ${bins.length} lags with pairs; ${parts.length + free.length} parameters need at least as many. ` +
        `Use a smaller width or a larger cutoff, or a simpler model.`,
    )
  const ranges = parts.map(({ range }) => range ?? 0)
  const solve = (logRanges: readonly number[]): Solution => {
    const own = [...ranges]
    free.forEach((p, i) => (own[p] = Math.exp(logRanges[i])))
    return solveSills(bins, parts, own)
  }
  const [low, high] = [Math.log(bins[0].lag / 5), Math.log(empirical.cutoff * 10)]
  const start = bestOnRaster(free.length, low, high, (point) => solve(point).squares)
  const best = refine(start, (high - low) / 20, (point) =>
    point.some((value) => value < low || value > high) ? Infinity : solve(point).squares,
  )
  const { sills, squares } = solve(best)
  const model = parts.map(({ shape, range, smoothness = 0.5 }, p) =>
    variogramPart({
      shape,
      partialSill: sills[p],
      range: free.includes(p) ? Math.exp(best[free.indexOf(p)]) : (range ?? 0),
      smoothness,
    }),
  )
  return { model, weightedSquares: squares, r2: 1 - squares / squaresAboutMean(bins), notes: notesOn(model, empirical) }
}

/** A lag bin with its direction: dx east, dy north. */
export interface SeparatedBin extends LagBin {
  readonly dx: number
  readonly dy: number
}

/** Partial sills >= 0 that bring the shapes of a model, their ranges and anisotropy kept, closest to bins in several directions. */
export function leastSquares(
  bins: readonly SeparatedBin[],
  model: VariogramModel,
): { sills: number[]; squares: number; aboutMean: number } {
  const columns = model.map((part) =>
    bins.map(({ dx, dy }) =>
      variogramShapes[part.shape].rise(modelDistance(part, dx, dy), part.range, part.smoothness),
    ),
  )
  return { ...solveColumns(bins, columns), aboutMean: squaresAboutMean(bins) }
}

interface Solution {
  readonly sills: number[]
  readonly squares: number
}

function solveSills(bins: readonly LagBin[], parts: readonly PartToFit[], ranges: readonly number[]): Solution {
  const columns = parts.map(({ shape, smoothness = 0.5 }, p) =>
    bins.map(({ lag }) => variogramShapes[shape].rise(lag, ranges[p], smoothness)),
  )
  return solveColumns(bins, columns)
}

/** Partial sills >= 0 of least weighted squares for known rises: of all subsets of parts whose unconstrained solution is
 *  not negative, the best one. Exact, and cheap for the few parts a variogram has. */
function solveColumns(bins: readonly LagBin[], columns: readonly number[][]): Solution {
  const none = columns.map(() => 0)
  let best: Solution = { sills: none, squares: squaresOf(bins, columns, none) }
  for (let subset = 1; subset < 1 << columns.length; subset++) {
    const used = columns.flatMap((_, p) => (subset & (1 << p) ? [p] : []))
    const found = normalEquations(
      bins,
      used.map((p) => columns[p]),
    )
    if (!found || found.some((value) => !(value >= 0))) continue
    const sills = columns.map((_, p) => (used.includes(p) ? found[used.indexOf(p)] : 0))
    const squares = squaresOf(bins, columns, sills)
    if (squares < best.squares) best = { sills, squares }
  }
  return best
}

function weightOf({ pairs, lag }: LagBin): number {
  return pairs / (lag * lag)
}

function squaresOf(bins: readonly LagBin[], columns: readonly number[][], sills: readonly number[]): number {
  return bins.reduce((sum, bin, b) => {
    const fitted = columns.reduce((total, column, p) => total + sills[p] * column[b], 0)
    return sum + weightOf(bin) * (bin.semivariance - fitted) ** 2
  }, 0)
}

function squaresAboutMean(bins: readonly LagBin[]): number {
  const total = bins.reduce((sum, bin) => sum + weightOf(bin), 0)
  const mean = bins.reduce((sum, bin) => sum + weightOf(bin) * bin.semivariance, 0) / total
  return bins.reduce((sum, bin) => sum + weightOf(bin) * (bin.semivariance - mean) ** 2, 0)
}

/** Weighted least squares by Gauss–Jordan with pivoting; null when columns depend on each other. */
function normalEquations(bins: readonly LagBin[], columns: readonly number[][]): number[] | null {
  const n = columns.length
  const rows = columns.map((left) => [
    ...columns.map((right) => bins.reduce((sum, bin, b) => sum + weightOf(bin) * left[b] * right[b], 0)),
    bins.reduce((sum, bin, b) => sum + weightOf(bin) * left[b] * bin.semivariance, 0),
  ])
  const scale = rows.map((row, i) => row[i])
  for (let k = 0; k < n; k++) {
    let pivot = k
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[pivot][k])) pivot = i
    if (!(Math.abs(rows[pivot][k]) > 1e-13 * scale[k])) return null
    ;[rows[k], rows[pivot]] = [rows[pivot], rows[k]]
    for (let i = 0; i < n; i++) {
      if (i === k) continue
      const factor = rows[i][k] / rows[k][k]
      for (let j = k; j <= n; j++) rows[i][j] -= factor * rows[k][j]
    }
  }
  return rows.map((row, i) => row[n] / row[i])
}

/** The best point of a raster over [low, high]^dimensions; equal ranges in another order are tried once. */
function bestOnRaster(dimensions: number, low: number, high: number, cost: (point: number[]) => number): number[] {
  const steps = [0, 200, 60, 24][dimensions]
  let best: number[] = []
  let least = Infinity
  const visit = (point: number[], from: number): void => {
    if (point.length === dimensions) {
      const found = cost(point)
      if (found < least) [best, least] = [point, found]
      return
    }
    for (let i = from; i <= steps; i++) visit([...point, low + ((high - low) * i) / steps], i)
  }
  visit([], 0)
  return best
}

/** Least cost by Nelder & Mead (1965) from a simplex of the given size; restarted once, as the first may end flat. */
export function refine(start: number[], size: number, cost: (point: number[]) => number): number[] {
  const n = start.length
  if (n === 0) return start
  let best = start
  for (let restart = 0; restart < 2; restart++) {
    const simplex = [best, ...best.map((_, i) => best.map((value, j) => (i === j ? value + size : value)))].map(
      (point) => ({
        point,
        value: cost(point),
      }),
    )
    for (let step = 0; step < 400 * n; step++) {
      simplex.sort((a, b) => a.value - b.value)
      const spread = Math.max(...simplex[n].point.map((value, j) => Math.abs(value - simplex[0].point[j])))
      if (spread < 1e-11) break
      const centre = simplex[0].point.map(
        (_, j) => simplex.slice(0, n).reduce((sum, { point }) => sum + point[j], 0) / n,
      )
      const at = (reach: number): { point: number[]; value: number } => {
        const point = centre.map((value, j) => value + reach * (simplex[n].point[j] - value))
        return { point, value: cost(point) }
      }
      const mirrored = at(-1)
      if (mirrored.value < simplex[0].value) {
        const further = at(-2)
        simplex[n] = further.value < mirrored.value ? further : mirrored
      } else if (mirrored.value < simplex[n - 1].value) simplex[n] = mirrored
      else {
        const nearer = at(mirrored.value < simplex[n].value ? -0.5 : 0.5)
        if (nearer.value < Math.min(mirrored.value, simplex[n].value)) simplex[n] = nearer
        else
          for (let i = 1; i <= n; i++) {
            const point = simplex[i].point.map((value, j) => (value + simplex[0].point[j]) / 2)
            simplex[i] = { point, value: cost(point) }
          }
      }
    }
    simplex.sort((a, b) => a.value - b.value)
    best = simplex[0].point
  }
  return best
}

/** What a user should look at in a fitted model. */
export function notesOn(model: VariogramModel, { cutoff, bins }: EmpiricalVariogram): string[] {
  return model.flatMap(({ shape, range, partialSill }) => {
    const { hasRange, title } = variogramShapes[shape]
    if (partialSill === 0) return [`The ${title} part has no share (partial sill 0).`]
    if (hasRange && range > cutoff)
      return [
        `The ${title} range lies beyond the largest lag (${cutoff.toPrecision(4)}): the sill is not seen in the data.`,
      ]
    if (hasRange && range > 0 && range < bins[0].lag)
      return [`The ${title} range is shorter than the first lag: it cannot be told from a nugget.`]
    return []
  })
}
