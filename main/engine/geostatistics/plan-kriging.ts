import { availableParallelism } from 'node:os'
import { LoamError } from '../../contract/index.ts'
import { krigingBytes } from './kriging.ts'

export interface KrigingWork {
  readonly stations: number
  readonly cells: number
  readonly variance: boolean
  /** Nearest stations of each cell; `all` for all of them whatever it costs; undefined to choose. */
  readonly neighbours?: number | 'all'
  /** With a largest distance all stations are never one system. */
  readonly maxDistance?: number
  /** Points that stand for a cell: 1, or 16 of a block. */
  readonly pointsPerCell?: number
  readonly threads?: number
  /** Default 2 GiB. */
  readonly memoryBytes?: number
  /** Beyond this the nearest stations are chosen instead of all; default an hour. */
  readonly mostSeconds?: number
}

export interface KrigingPlan {
  /** undefined: all stations. */
  readonly neighbours: number | undefined
  /** Peak of solving, without the maps. */
  readonly bytes: number
  /** About, from counted operations and the speed of one core of 2024 with AVX2; half to twice of that. */
  readonly seconds: number
  /** Why not all stations, in words; null when nothing was changed. */
  readonly note: string | null
}

const defaultNeighbours = 32
/** Seconds of one thread: a multiplication with its addition in blocked loops, the same in small systems, a covariance. */
const blockedStep = 3e-11
const smallStep = 1e-10
const covariance = 7e-10

/** What kriging will take, before it is done: from all stations where memory and time allow, else from the nearest.
 *  @throws too_large for `all` stations beyond the memory, with the number */
export function planKriging(work: KrigingWork): KrigingPlan {
  const { stations, threads = availableParallelism(), memoryBytes = 2 * 2 ** 30, mostSeconds = 3600 } = work
  if (work.maxDistance !== undefined) {
    const most = Math.min(stations, typeof work.neighbours === 'number' ? work.neighbours : stations)
    const neighbours = typeof work.neighbours === 'number' ? work.neighbours : undefined
    return {
      neighbours,
      bytes: nearestBytes(most, threads),
      seconds: secondsOfNearest(work, most) / threads,
      note: null,
    }
  }
  const bytes = krigingBytes(stations, threads)
  const seconds = secondsOfAll(work) / threads
  const isTooLarge = bytes > memoryBytes
  const isAsked = work.neighbours === 'all'
  if (isAsked && isTooLarge)
    throw new LoamError(
      'too_large',
      `Kriging from all ${stations} stations takes ${inGigabytes(bytes)} of memory; ${inGigabytes(memoryBytes)} are allowed. ` +
        `Krige each cell from its nearest stations, ${defaultNeighbours} for example, or from fewer stations.`,
      { stations, bytes, memoryBytes },
    )
  if (typeof work.neighbours === 'number' && work.neighbours < stations)
    return {
      neighbours: work.neighbours,
      bytes: nearestBytes(work.neighbours, threads),
      seconds: secondsOfNearest(work, work.neighbours) / threads,
      note: null,
    }
  if (isAsked || (!isTooLarge && seconds <= mostSeconds)) return { neighbours: undefined, bytes, seconds, note: null }
  const reason = isTooLarge
    ? `would take ${inGigabytes(bytes)} of memory, ${inGigabytes(memoryBytes)} are allowed`
    : `would take about ${Math.round(seconds / 60)} minutes`
  return {
    neighbours: defaultNeighbours,
    bytes: nearestBytes(defaultNeighbours, threads),
    seconds: secondsOfNearest(work, defaultNeighbours) / threads,
    note: `All ${stations} stations ${reason}: each cell is kriged from its ${defaultNeighbours} nearest instead.`,
  }
}

function secondsOfAll({ stations: n, cells, variance, pointsPerCell = 1 }: KrigingWork): number {
  const solving = (n ** 3 / (variance ? 3 : 6)) * blockedStep
  const perCell = n * pointsPerCell * covariance + (variance ? (n * n) / 2 : n) * blockedStep
  return solving + cells * perCell
}

/** Neighbours that share a set share its factor; about three cells do. */
function secondsOfNearest({ cells, pointsPerCell = 1 }: KrigingWork, k: number): number {
  return cells * (k * pointsPerCell * covariance + (k ** 3 / 18 + k * k) * smallStep + 3e-7)
}

function nearestBytes(k: number, threads: number): number {
  return threads * 8 * ((4 * k) ** 2 + 8 * k * k)
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
