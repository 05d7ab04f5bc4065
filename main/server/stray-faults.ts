import { asLoamError } from '../contract/index.ts'

/** A promise that failed and that nobody waited for is a fault of ours, but no reason to end a workspace with a day's run in it:
 *  it is told whole on stderr, and what goes on goes on. */
export function outliveStrayFaults(): void {
  process.on('unhandledRejection', (thrown) => {
    const { message, details } = asLoamError(thrown)
    process.stderr.write(`loam: nobody waited for this fault: ${message}\n${String(details.stack ?? '')}\n`)
  })
}
