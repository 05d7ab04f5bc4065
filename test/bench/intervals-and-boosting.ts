import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BoostingSettings, ForestSettings } from '../../main/contract/index.ts'
import { fitModel } from '../../main/engine/models/index.ts'
import { canImport, names, readStack, readTable } from './peer-problem.ts'
import type { BenchRow } from './row.ts'

const python = '/usr/bin/python3'
const peers = fileURLToPath(new URL('../../../shared/peers', import.meta.url))
const folder = join(tmpdir(), 'loam-bench-forest')
const [side, threads] = [2048, 2]

/** Quantiles beside the mean alone, and boosting beside xgboost's hist, on the peers' problem and on two threads. The two
 *  sides of each figure take turns, and the quickest of each counts: a machine that is shared then slows both. */
export async function bench(): Promise<BenchRow[]> {
  if (!existsSync(`${peers}/make_problem.py`) || !canImport('osgeo'))
    return [
      {
        figure: 'intervals and boosting',
        loam: '–',
        note: 'needs ../shared/peers and python3-gdal to make the problem',
      },
    ]
  mkdirSync(folder, { recursive: true })
  if (!existsSync(`${folder}/predictors.tif`))
    execFileSync(python, [`${peers}/make_problem.py`, folder, '--width', String(side), '--height', String(side)])
  const { columns, target } = readTable(`${folder}/train.csv`)
  const n = Math.floor(target.length * 0.8)
  const training = {
    predictors: names,
    columns: columns.map((column) => column.slice(0, n)),
    target: target.slice(0, n),
  }
  const held = { columns: columns.map((column) => column.slice(n)), target: target.slice(n) }
  return [...(await intervals(training, held)), ...(await boosting(training, held))]
}

type Training = { predictors: string[]; columns: Float32Array[]; target: Float64Array }
type Held = Omit<Training, 'predictors'>

async function intervals(training: Training, held: Held): Promise<BenchRow[]> {
  const settings = { type: 'forest', treeCount: 126, minLeafSize: 10, predictorsPerSplit: 10 } as const
  const model = await fitModel(training, null, ForestSettings.parse({ ...settings, intervals: true }), {
    seed: 1,
    threads,
  })
  const stack = await readStack(`${folder}/predictors.tif`)
  const cells = side * side
  const quantiles = [0.05, 0.5, 0.95]
  const [mean, all] = await quickest(
    async () => void (await model.predict(stack, cells, threads, { rowLength: side })),
    async () => void (await model.predictIntervals!(stack, cells, threads, quantiles, { rowLength: side })),
  )
  const { quantiles: found } = await model.predictIntervals!(held.columns, held.target.length, threads, quantiles)
  const inside = held.target.reduce(
    (count, value, i) => count + (value >= found[0][i] && value <= found[2][i] ? 1 : 0),
    0,
  )
  return [
    {
      figure: 'predict mean, sd and 5, 50, 95 % quantiles, 126 trees, 2048 × 2048',
      loam: `${all.toFixed(2)} s`,
      peer: `mean alone ${mean.toFixed(2)} s`,
      ratio: (all / mean).toFixed(2),
      note: 'at most 4, aim 2',
    },
    {
      figure: 'test rows in the 5–95 % interval',
      loam: `${((100 * inside) / held.target.length).toFixed(1)} %`,
      note: '90 % asked for',
    },
  ]
}

async function boosting(training: Training, held: Held): Promise<BenchRow[]> {
  const settings = BoostingSettings.parse({ type: 'boosting', rounds: 300, maxDepth: 8, learningRate: 0.05 })
  const hasPeer = canImport('xgboost')
  let peer: { fit_s: number; test_rmse: number } | null = null
  let peerSeconds = Infinity
  let seconds = Infinity
  let model = await fitModel(training, null, { ...settings, rounds: 1 }, { seed: 1, threads })
  for (let turn = 0; turn < 3; turn++) {
    const start = performance.now()
    model = await fitModel(training, null, settings, { seed: 1, threads })
    seconds = Math.min(seconds, (performance.now() - start) / 1000)
    if (!hasPeer) continue
    peer = runXgboost()
    peerSeconds = Math.min(peerSeconds, peer.fit_s)
  }
  const predicted = await model.predict(held.columns, held.target.length, threads)
  const rmse = Math.sqrt(
    predicted.reduce((sum, value, i) => sum + (value - held.target[i]) ** 2, 0) / held.target.length,
  )
  return [
    {
      figure: `boosting, ${training.target.length} × 10, 300 rounds of depth 8`,
      loam: `${seconds.toFixed(2)} s`,
      ...(peer && {
        peer: `xgboost hist ${peerSeconds.toFixed(2)} s`,
        ratio: `${(peerSeconds / seconds).toFixed(1)} ×`,
      }),
      note: `${model.info.nodeCount} nodes; ${threads} threads`,
    },
    {
      figure: 'test RMSE of it',
      loam: rmse.toFixed(6),
      ...(peer && { peer: peer.test_rmse.toFixed(6), ratio: (rmse / peer.test_rmse).toFixed(4) }),
      note: 'at most 1.01 of it',
    },
  ]
}

/** Seconds of the quickest of five runs of each, in turns. */
async function quickest(...jobs: (() => Promise<void>)[]): Promise<number[]> {
  const best = jobs.map(() => Infinity)
  for (let turn = 0; turn < 5; turn++)
    for (const [i, job] of jobs.entries()) {
      const start = performance.now()
      await job()
      best[i] = Math.min(best[i], (performance.now() - start) / 1000)
    }
  return best
}

/** The boosting of the peer's script alone; its forest mode takes half a minute. */
function runXgboost(): { fit_s: number; test_rmse: number } {
  const script = readFileSync(`${peers}/peer_xgboost.py`, 'utf8').replace(/^go\('xgboost-forest'[^]*$/m, '')
  return JSON.parse(execFileSync(python, ['-c', script, folder, String(threads)], { encoding: 'utf8' })) as {
    fit_s: number
    test_rmse: number
  }
}
