import { soundObjectWrap } from './object-wrap.mjs'
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { cores, modules, nodeGyp, nodeHeaders } from './places.mjs'
import { childEnvironment, execute, say, step } from './progress.mjs'
import { tryLoading } from './loads.mjs'
import { needPrograms } from './system-packages.mjs'

const gdalFolder = `${modules}/gdal-async`
const sqliteFolder = `${modules}/better-sqlite3`
const downloadTimeoutMs = 60_000
const sqliteBinary = `${sqliteFolder}/build/Release/better_sqlite3.node`
/** gdal-async has a folder for each Node ABI; better-sqlite3 has one place for all, so what worked is kept aside. */
const keptSqlite = `${sqliteFolder}/kept/${process.versions.modules}-${process.platform}-${process.arch}.node`

/** node-pre-gyp comes nested in gdal-async or hoisted beside it, as npm pleases. */
function preGyp() {
  const nested = `${gdalFolder}/node_modules/@mapbox/node-pre-gyp/bin/node-pre-gyp`
  return existsSync(nested) ? nested : `${modules}/@mapbox/node-pre-gyp/bin/node-pre-gyp`
}

/** The two packages with C++ in them. Node's major version decides whether a binary fits: after a change of Node
 *  they no longer load, and are made again. */
const bindings = {
  gdal: {
    title: 'gdal-async',
    usually: 'about 70 s on 2 idle cores',
    programs: ['g++', 'make', 'python3', 'gdal-config'],
    download: () =>
      run('gdal-prebuilt', gdalFolder, [preGyp(), 'install'], { mayFail: true, timeoutMs: downloadTimeoutMs }),
    // --shared_gdal: against the system's GDAL; without it the whole of GDAL would be compiled.
    build: () =>
      run('gdal-build', gdalFolder, [
        preGyp(),
        'rebuild',
        '--build-from-source',
        '--shared_gdal',
        ...nodeHeaders(),
        '-j',
        String(cores),
      ]),
  },
  sqlite: {
    title: 'better-sqlite3',
    usually: 'about 50 s on 2 idle cores',
    programs: ['g++', 'make', 'python3'],
    download: () =>
      run('sqlite-prebuilt', sqliteFolder, [`${modules}/prebuild-install/bin.js`], {
        mayFail: true,
        timeoutMs: downloadTimeoutMs,
      }),
    build: () =>
      run('sqlite-build', sqliteFolder, [nodeGyp, 'rebuild', '--release', ...nodeHeaders(), '-j', String(cores)], {
        env: childEnvironment({ npm_config_node_gyp: nodeGyp, ...soundObjectWrap() }),
      }),
  },
}

function run(name, cwd, args, options = {}) {
  const env = childEnvironment({ npm_config_node_gyp: nodeGyp })
  const remedy = 'Mend what the log says; if headers or libraries are missing, install libgdal-dev and build-essential.'
  return execute(name, process.execPath, args, { cwd, env, remedy, ...options })
}

/** Gets the bindings that do not load: ready-made where they can be had, else built here, both at the same time.
 *  LOAM_PREBUILT=0 skips the downloads.
 *  @param found what `tryLoading` said */
export async function makeBindings(found) {
  if (!found.sqlite.version && existsSync(keptSqlite)) {
    copyAnew(keptSqlite, sqliteBinary)
    found = tryLoading()
  }
  const missing = Object.keys(bindings).filter((name) => !found[name].version)
  await makeMissing(missing, found)
  if (missing.includes('sqlite') || !existsSync(keptSqlite)) copyAnew(sqliteBinary, keptSqlite)
}

/** Removes first: overwriting a binary that another process has loaded would crash that process. */
function copyAnew(from, to) {
  rmSync(to, { force: true })
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(from, to)
}

async function makeMissing(missing, found) {
  if (missing.length === 0) return
  for (const name of missing) say(`  ${bindings[name].title} does not load yet: ${found[name].fault}`)
  if (process.env.LOAM_PREBUILT !== '0') {
    const names = missing.map((name) => bindings[name].title).join(' and ')
    await step(`looking for ready-made ${names}`, 'at most a minute', () =>
      Promise.all(missing.map((name) => bindings[name].download())),
    )
    const now = tryLoading()
    missing = missing.filter((name) => !now[name].version)
  }
  if (missing.length === 0) return
  await needPrograms([...new Set(missing.flatMap((name) => bindings[name].programs))], 'to build native packages')
  const results = await Promise.allSettled(
    missing.map((name) => {
      const { title, usually, build } = bindings[name]
      return step(`building ${title} from source`, usually, build)
    }),
  )
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}
