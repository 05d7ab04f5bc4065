import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ForestSettings } from '../../main/contract/index.ts'
import { learners, writeModelFile } from '../../main/engine/models/index.ts'
import type { Model, TrainingRows } from '../../main/engine/models/index.ts'
import { predictStack } from '../../main/engine/products/index.ts'
import { loam } from './loam-command.ts'
import { canImport, names, readStack, readTable } from './peer-problem.ts'
import type { BenchRow } from './row.ts'

interface PeerFigures {
  fit_s: number
  test_rmse: number
  predict_s: number
  ns_per_cell_tree: number
  nodes: number
}

const python = '/usr/bin/python3'
const peers = fileURLToPath(new URL('../../../shared/peers', import.meta.url))
const folder = join(tmpdir(), 'loam-bench-forest')
const [side, trees, minLeaf, threads] = [2048, 126, 10, 2]
const cells = side * side
/** Fastest first; a machine need not have all. */
const instructionSets = ['avx512', 'avx2', 'sse2', 'portable']

/** Trains and predicts the peers' problem (160 000 rows, 2048 × 2048 cells, ten predictors), beside scikit-learn in the same run
 *  where python3-sklearn and python3-gdal are there. Both on two threads, all predictors at each split. */
export async function bench(): Promise<BenchRow[]> {
  if (!existsSync(`${peers}/make_problem.py`) || !canImport('osgeo'))
    return [{ figure: 'forest', loam: '–', note: 'needs ../shared/peers and python3-gdal to make the problem' }]
  mkdirSync(folder, { recursive: true })
  if (!existsSync(`${folder}/predictors.tif`))
    execFileSync(python, [`${peers}/make_problem.py`, folder, '--width', String(side), '--height', String(side)])

  const { columns, target } = readTable(`${folder}/train.csv`)
  const n = Math.floor(target.length * 0.8)
  const settings = {
    type: 'forest',
    treeCount: trees,
    minLeafSize: minLeaf,
    maxDepth: 64,
    sampleFraction: 1,
    predictorsPerSplit: 10,
  } as const
  const training = {
    predictors: names,
    columns: columns.map((column) => column.slice(0, n)),
    target: target.slice(0, n),
  }
  const fitStart = performance.now()
  const model = await learners.forest.fit(training, null, settings, { seed: 1, threads })
  const fitSeconds = (performance.now() - fitStart) / 1000
  const tested = await model.predict(
    columns.map((column) => column.slice(n)),
    target.length - n,
    threads,
  )
  const rmse = Math.sqrt(tested.reduce((sum, value, i) => sum + (value - target[n + i]) ** 2, 0) / tested.length)

  const stack = await readStack(`${folder}/predictors.tif`)
  const speeds: { isa: string; ns: number }[] = []
  for (const isa of instructionSets) {
    const ns = await nsPerCellAndTree(model, stack, threads, isa)
    if (ns !== null) speeds.push({ isa, ns })
  }
  const nsPerCellTree = speeds[0].ns
  const nsOfOneThread = (await nsPerCellAndTree(model, stack, 1, ''))!
  const fits = await fitsInTurns(training, settings)
  const sameBytes = await bytesAgree(training, settings, stack)

  const modelPath = join(folder, 'm.loammodel')
  await writeModelFile(modelPath, model)
  const mapStart = performance.now()
  await predictStack({ modelPath, rasterPath: `${folder}/predictors.tif`, out: join(folder, 'map.tif'), threads })
  const mapSeconds = (performance.now() - mapStart) / 1000

  const peer = canImport('sklearn') ? runPeer() : null
  const ratio = (theirs: number | undefined, ours: number): string | undefined =>
    theirs === undefined ? undefined : `${(theirs / ours).toFixed(1)} ×`
  return [
    {
      figure: `train ${n} × 10, ${trees} trees`,
      loam: `${fitSeconds.toFixed(2)} s`,
      peer: peer?.fit_s.toFixed(1).concat(' s'),
      ratio: ratio(peer?.fit_s, fitSeconds),
      note: `${model.info.nodeCount} nodes${peer ? `, scikit-learn ${peer.nodes}` : ''}; ${threads} threads`,
    },
    {
      figure: 'test RMSE of it',
      loam: rmse.toFixed(6),
      peer: peer?.test_rmse.toFixed(6),
      ratio: peer && (rmse / peer.test_rmse).toFixed(4),
      note: 'Loam / scikit-learn; at most 1.01',
    },
    ...speeds.map(({ isa, ns }) => ({
      figure: `predict ${side} × ${side} × ${trees} trees, ${isa}`,
      loam: `${ns.toFixed(2)} ns per cell and tree`,
      peer: peer?.ns_per_cell_tree.toFixed(2),
      ratio: ratio(peer?.ns_per_cell_tree, ns),
      note: `from and to memory, ${threads} threads`,
    })),
    {
      figure: 'from 1 to 2 threads',
      loam: `train ${(fits.one / fits.two).toFixed(2)} ×, predict ${(nsOfOneThread / nsPerCellTree).toFixed(2)} ×`,
      note: `train: quickest of 3 in turns; on two threads ${fits.busy.toFixed(2)} of them at work`,
    },
    {
      figure: 'model file and map, 1, 2, 7 threads and each instruction set',
      loam: sameBytes ? 'the same bytes' : 'THEY DIFFER',
    },
    await trainMillion(settings),
    {
      figure: 'map, file to file',
      loam: `${mapSeconds.toFixed(1)} s`,
      note: 'read, predict, write, compare what was written',
    },
  ].map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value)) as unknown as BenchRow)
}

/** Seconds on one and on two threads, the quickest of three each, in turns: the first of all fits also pays for memory that is new to
 *  the process. `busy` is processor time over time on two threads, in the quickest; 2 at best. */
async function fitsInTurns(
  training: TrainingRows,
  settings: ForestSettings,
): Promise<{ one: number; two: number; busy: number }> {
  let [one, two, busy] = [Infinity, Infinity, 0]
  for (let turn = 0; turn < 3; turn++)
    for (const used of [2, 1]) {
      const [start, before] = [performance.now(), process.cpuUsage()]
      await learners.forest.fit(training, null, settings, { seed: 1, threads: used })
      const seconds = (performance.now() - start) / 1000
      const { user, system } = process.cpuUsage(before)
      if (used === 1) one = Math.min(one, seconds)
      else if (seconds < two) [two, busy] = [seconds, (user + system) / 1e6 / seconds]
    }
  return { one, two, busy }
}

/** Fastest of three; null where the machine cannot run it. */
async function nsPerCellAndTree(
  model: Model,
  stack: Float32Array[],
  used: number,
  isa: string,
): Promise<number | null> {
  let best = Infinity
  try {
    process.env.LOAM_ISA = isa
    for (let run = 0; run < 3; run++) {
      const start = performance.now()
      await model.predict(stack, stack[0].length, used, { rowLength: side })
      best = Math.min(best, performance.now() - start)
    }
  } catch {
    return null
  } finally {
    delete process.env.LOAM_ISA
  }
  return (best * 1e6) / stack[0].length / trees
}

/** Trains a smaller forest and maps it, in every way there is. */
async function bytesAgree(training: TrainingRows, settings: ForestSettings, stack: Float32Array[]): Promise<boolean> {
  const ways = new Set<string>()
  const part = stack.map((column) => column.subarray(0, 500 * side))
  for (const isa of instructionSets)
    for (const used of [1, 2, 7]) {
      try {
        process.env.LOAM_ISA = isa
        const model = await learners.forest.fit(
          training,
          null,
          { ...settings, treeCount: 7 },
          { seed: 3, threads: used },
        )
        const map = await model.predict(part, part[0].length, used, { rowLength: side })
        ways.add(createHash('sha256').update(model.encode()).update(new Uint8Array(map.buffer)).digest('hex'))
      } catch (thrown) {
        if ((thrown as { code?: string }).code !== 'bad_input') throw thrown
      } finally {
        delete process.env.LOAM_ISA
      }
    }
  return ways.size === 1
}

/** A million rows: time and memory. */
async function trainMillion(settings: ForestSettings): Promise<BenchRow> {
  const million = join(tmpdir(), 'loam-bench-million')
  if (!existsSync(`${million}/train.csv`))
    execFileSync(
      python,
      `${peers}/make_problem.py ${million} --width 64 --height 64 --rows 1000000 --seed 7`.split(' '),
    )
  const table = { predictors: names, ...readTable(`${million}/train.csv`) }
  const start = performance.now()
  await learners.forest.fit(table, null, settings, { seed: 1, threads })
  const seconds = (performance.now() - start) / 1000
  const asked = ['--trees', trees, '--min-leaf', minLeaf, '--threads', threads, '--seed', 1].map(String)
  const files = ['--table', `${million}/train.csv`, '--target', 'SM', '--out', `${million}/m.loammodel`]
  // In a process of its own; what it holds of Node, the CSV and the table is counted too.
  const { peakBytes } = await loam(['train', ...files, ...asked])
  return {
    figure: `train ${table.target.length} × 10, ${trees} trees`,
    loam: `${seconds.toFixed(2)} s, peak of the whole process ${(peakBytes / 1e6).toFixed(0)} MB`,
    note: 'at most 14 s, 800 MB above the table of 48 MB',
  }
}

function runPeer(): PeerFigures {
  const args = [`${peers}/peer_sklearn.py`, folder, trees, minLeaf, threads, cells].map(String)
  return JSON.parse(execFileSync(python, args, { encoding: 'utf8' })) as PeerFigures
}
