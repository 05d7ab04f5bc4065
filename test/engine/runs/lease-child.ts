import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { withLease } from '../../../main/engine/runs/lease.ts'

// One process that needs the model: `lease-child.mjs <folder> once|hold`.
const [folder, what] = process.argv.slice(2)
await withLease(
  folder,
  'model',
  async () => {
    if (what === 'hold') {
      process.send!('held')
      await sleep(60_000)
    }
    if (existsSync(join(folder, 'model'))) return
    appendFileSync(join(folder, 'trained'), `${process.pid}\n`)
    await sleep(100)
    writeFileSync(join(folder, 'model'), '')
  },
  { heartbeatMs: 100, staleMs: 60_000 },
)
