import { asLoamError } from '../../contract/index.ts'
import { leaveWithParent } from '../models/index.ts'
import type { DraftJob, DraftMessage } from './draft-job.ts'
import { readRows } from './draft-rows.ts'
import { measureGap } from './optimism.ts'
import { predictorAtStations } from './predictor-at-stations.ts'

const tell = (message: DraftMessage): void => void process.send?.(message)
const report = (doing: string, done: number, total: number): void => tell({ progress: { doing, done, total } })

async function work(job: DraftJob): Promise<unknown> {
  if (job.kind === 'rows') return readRows(job, report)
  if (job.kind === 'at_stations') return predictorAtStations(job)
  // A cancelled job is ended with its process.
  const signal = new AbortController().signal
  return measureGap(job.recipe, job.table, { threads: job.threads, signal, report })
}

leaveWithParent()
process.once('message', (job: DraftJob) => {
  work(job)
    .then((result) => tell({ result }))
    .catch((thrown: unknown) => tell({ fault: asLoamError(thrown).toJSON() }))
    .finally(() => process.disconnect())
})
