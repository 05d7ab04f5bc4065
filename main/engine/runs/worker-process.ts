import { asLoamError } from '../../contract/index.ts'
import { leaveWithParent } from '../models/index.ts'
import { computePart } from './compute-part.ts'
import { RunContext } from './run-context.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

/** A worker of a run: computes the parts it is told to, one at a time. It decodes untrusted files, so it never opens the
 *  project, and it ends with its parent. Its results are in the store before it says so. */
let context: RunContext | null = null
const never = new AbortController().signal

const tell = (message: FromWorker): void => void process.send?.(message)

async function handle(message: ToWorker): Promise<void> {
  if (message.type === 'open') {
    context = await RunContext.open(message.folder, { cacheBytes: message.cacheBytes })
    tell({ type: 'ready' })
    return
  }
  let told = 0
  const computed = await computePart(context!, message.part, {
    signal: never,
    threads: message.threads,
    onProgress(fraction) {
      const now = Date.now()
      if (now - told < 200) return
      told = now
      tell({ type: 'progress', fraction })
    },
  })
  tell({ type: 'done', computed, peakMemoryBytes: process.resourceUsage().maxRSS * 1024 })
}

leaveWithParent()
process.on('disconnect', () => process.exit(0))
let last = Promise.resolve()
process.on('message', (message: ToWorker) => {
  last = last
    .then(() => handle(message))
    .catch((thrown: unknown) => tell({ type: 'failed', fault: asLoamError(thrown).toJSON() }))
})
