// The projects the pictures are taken of. All data are the synthetic sample's.
import { spawn } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup/places.mjs'

/**
 * Makes what is not there yet under `folder`.
 * @returns the path of each project: `sample` (a finished run), `troubled` (runs that differ, r0004 with days that failed,
 *   r0005 not started, a dataset whose files are gone), `empty`, and `none`
 */
export async function makeProjects(folder) {
  const sample = join(folder, 'sample', 'virtual-catchment.loam')
  const troubled = join(folder, 'troubled', 'virtual-catchment.loam')
  const empty = join(folder, 'empty', 'Upper Raam.loam')
  if (!existsSync(join(folder, 'done'))) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(join(folder, 'empty'), { recursive: true })
    await loam(['demo', '--folder', join(folder, 'sample'), '--size', '500', '--days', '20'])
    await loam(['demo', '--folder', join(folder, 'troubled'), '--size', '300', '--days', '12'])
    await makeTrouble(folder, troubled)
    await loam(['new', empty])
    writeFileSync(join(folder, 'done'), '')
  }
  return { sample, troubled, empty, none: null }
}

async function makeTrouble(folder, project) {
  const recipe = JSON.parse(readFileSync(join(root, 'resources', 'recipes', 'virtual-catchment.json'), 'utf8'))
  const file = join(folder, 'other.json')
  const dates = '2018-06-01..2018-06-12'
  const split = { by: 'place', folds: 5, blockSize: 1000 }
  const run = async (change) => {
    writeFileSync(file, JSON.stringify({ ...recipe, split, ...change }))
    await loam(['run', project, file, '--dates', dates])
  }
  await run({ learner: { type: 'boosting', rounds: 150, maxDepth: 5 } })
  // Without gaps filled in time a day needs its own file only, and fails alone.
  const { lstNight: _, ...predictors } = recipe.predictors
  const own = { predictors: { ...predictors, lstDay: 'lst.lst_day' } }
  await run(own)
  rot(join(folder, 'troubled', 'catchment', 'lst', 'lst_2018158.tif'))
  rot(join(folder, 'troubled', 'catchment', 'lst', 'lst_2018160.tif'))
  await run({ ...own, seed: 7 }).catch(() => {})
  const learner = { type: 'forest', treeCount: 1500, minLeafSize: 2 }
  writeFileSync(file, JSON.stringify({ ...recipe, split, learner }))
  await loam(['plan', project, file])
  const geology = join(folder, 'troubled', 'catchment', 'geology')
  mkdirSync(geology)
  copyFileSync(join(folder, 'troubled', 'catchment', 'soil', 'clay.tif'), join(geology, 'permeability.tif'))
  await loam(['add', 'raster', project, join(geology, 'permeability.tif'), '--name', 'permeability'])
  renameSync(geology, join(folder, 'geology'))
}

/** Cells of a file are damaged as a failing disk does it: its size and its time tell nothing. */
function rot(file) {
  const { atime, mtime } = statSync(file)
  const bytes = readFileSync(file)
  bytes.fill(0xff, Math.round(0.3 * bytes.length), Math.round(0.9 * bytes.length))
  writeFileSync(file, bytes)
  utimesSync(file, atime, mtime)
}

/** Files as a user would drop them: days of two products, one of them in percent, and one that is no raster. */
export function filesToImport(folder) {
  const from = join(folder, 'sample', 'catchment')
  const days = (name, n) =>
    readdirSync(join(from, name))
      .filter((file) => file.endsWith('.tif'))
      .sort()
      .slice(0, n)
      .map((file) => join(from, name, file))
  const broken = join(folder, 'ndvi_2018155.tif')
  writeFileSync(broken, 'II*\0 this is no raster')
  return [
    ...days('coarse', 12).filter((_, i) => i !== 4),
    ...days('lst', 9),
    join(from, 'stations', 'readings.csv'),
    broken,
  ]
}

/** @throws when the command does not end well */
export function loam(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`${root}/scripts/loam.mjs`, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`loam ${args.join(' ')} ended with ${code}`)),
    )
  })
}
