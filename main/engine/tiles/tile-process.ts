import { LoamError, asLoamError } from '../../contract/index.ts'
import { leaveWithParent } from '../models/index.ts'
import type { FromTiles, ToTiles } from './tile-messages.ts'
import { TileWorker } from './tile-worker.ts'

// A child that decodes files for the map: one that makes a decoder crash takes only this process along. It is told layers and
// never opens the project.
leaveWithParent()
process.on('disconnect', () => process.exit(0))

let worker: TileWorker | null = null
const underWay = new Map<number, AbortController>()

process.on('message', (message: ToTiles) => {
  switch (message.type) {
    case 'start':
      worker = new TileWorker(message.settings)
      return
    case 'open':
      return worker!.know(message.layer, message.plan, message.crs)
    case 'close':
      return worker!.forget(message.layer)
    case 'stop':
      return underWay.get(message.id)?.abort()
    case 'ask':
      void answer(message).then((reply) => process.send?.(reply))
  }
})

async function answer({ id, kind, ask }: Extract<ToTiles, { type: 'ask' }>): Promise<FromTiles> {
  const stop = new AbortController()
  underWay.set(id, stop)
  try {
    // What is asked for was checked by the process that asks; see `TileWork`.
    return { id, answer: await worker!.work(kind, ask as never, stop.signal) }
  } catch (thrown) {
    const fault = stop.signal.aborted ? new LoamError('cancelled', 'Stopped on request.') : asLoamError(thrown)
    return { id, fault: fault.toJSON() }
  } finally {
    underWay.delete(id)
  }
}
