import { LoamError, asLoamError } from '../../contract/index.ts'
import type { Day, ErrorCode, RunEvent } from '../../contract/index.ts'

/** Faults of one day that leave the others sound; everything else stops the run. */
const ofOneDay = new Set<ErrorCode>([
  'value_range',
  'bad_raster',
  'native_crash',
  'not_found',
  'not_closed',
  'unsupported_format',
  'unsupported_grid',
])

/** Days that failed alone. */
export class DayFaults {
  readonly failed = new Map<Day, LoamError>()
  readonly #onEvent: (event: RunEvent) => void
  readonly #codes: ReadonlySet<ErrorCode>

  /** @param codes faults that are one day's own */
  constructor(onEvent: (event: RunEvent) => void, codes: ReadonlySet<ErrorCode> = ofOneDay) {
    this.#onEvent = onEvent
    this.#codes = codes
  }

  /** Does the work of a day; a fault that is its own is told and kept, any other is thrown. */
  async guard(day: Day, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (thrown) {
      const fault = asLoamError(thrown)
      if (!this.#codes.has(fault.code)) throw fault
      this.failed.set(day, fault)
      this.#onEvent({ event: 'warning', code: fault.code, message: `${day}: ${fault.message}` })
    }
  }

  /** @throws incomplete, with the reason of each day that failed */
  throwIfAny(days: number): void {
    if (this.failed.size === 0) return
    const [day, fault] = [...this.failed][0]
    const isInput = [...this.failed.values()].some(({ code }) => code !== 'not_closed')
    throw new LoamError(
      'incomplete',
      `${this.failed.size} of ${days} days failed; the others are finished. ${day}: ${fault.message} ` +
        (isInput ? 'Mend the input, then resume.' : 'Change the recipe, then run it: what is finished is used again.'),
      { days: Object.fromEntries([...this.failed].map(([each, reason]) => [each, reason.toJSON()])) },
    )
  }
}
