import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { LoamError } from '../../../main/contract/index.ts'
import { createProject, openProject } from '../../../main/engine/project/index.ts'
import { PartStore } from '../../../main/engine/runs/part-store.ts'
import { keepReserve } from '../../../main/engine/runs/reserve.ts'
import { recipeSample, stationSample } from './samples.ts'

// Fills a small disk with a project and with parts, and says what became of them: `full-disk-child.mjs <folder>`.
const [folder] = process.argv.slice(2)
const codeOf = async (work: () => unknown) => {
  try {
    await work()
    return 'done'
  } catch (thrown) {
    return (thrown as LoamError).code
  }
}

const path = join(folder, 'farm.loam')
const project = await createProject(path, { name: 'Farm' })
const hash = project.putRecipe(recipeSample)
const n = 800_000
const { set } = stationSample()
const tooMuch = {
  station: new Int32Array(n),
  variable: new Int32Array(n),
  observedAtMs: Float64Array.from({ length: n }, (_, i) => i),
  value: Float64Array.from({ length: n }, Math.sqrt),
  flag: new Int32Array(n),
  flagTexts: ['G'],
}
const big = await codeOf(() => project.putStationSet(set, tooMuch))
const sets = project.stationSets().length
const small = await codeOf(() => project.putRecipe({ ...recipeSample, name: 'after' }))
await project.close()
const again = await openProject(path, { mode: 'write' })
const kept = again.recipe(hash).name
await again.close()

const store = new PartStore(join(folder, 'store'))
const key = 'ab'.repeat(32)
const bigPart = await codeOf(() => store.put(key, 'tile', {}, [new Uint8Array(2 ** 24)]))
const hasBigPart = await store.has(key)
const smallPart = await codeOf(() => store.put(key, 'tile', {}, [new Uint8Array(100)]))
const reserve = await keepReserve(folder)
const left = readdirSync(folder, { recursive: true }).map(String).sort()
console.log(JSON.stringify({ big, sets, small, kept, bigPart, hasBigPart, smallPart, reserve, left }))
