import type { Observations } from '../../contract/index.ts'

/** What was found where several rows tell of one station, variable and time. */
export interface DuplicateReport {
  /** Rows dropped because another says exactly the same, or says something where they are missing. */
  identical: number
  /** Times at which rows contradict each other; their values were averaged. */
  conflicting: number
  /** The first few contradictions. */
  examples: { station: number; variable: number; observedAtMs: number; values: number[] }[]
}

const startingCapacity = 1024

/** Observations while they are read: columns that grow by doubling, so that a row costs 28 bytes and no object. */
export class ObservationColumns {
  station = new Int32Array(startingCapacity)
  variable = new Int32Array(startingCapacity)
  /** UTC milliseconds, or local ones until the reader knows the zone and rewrites them. */
  time = new Float64Array(startingCapacity)
  value = new Float64Array(startingCapacity)
  flag = new Int32Array(startingCapacity)
  length = 0
  readonly flagTexts: string[] = []
  private readonly flagIndex = new Map<string, number>()

  append(station: number, variable: number, time: number, value: number, flag: string): void {
    if (this.length === this.station.length) this.grow()
    let flagIndex = this.flagIndex.get(flag)
    if (flagIndex === undefined) {
      flagIndex = this.flagTexts.push(flag) - 1
      this.flagIndex.set(flag, flagIndex)
    }
    const i = this.length++
    this.station[i] = station
    this.variable[i] = variable
    this.time[i] = time
    this.value[i] = value
    this.flag[i] = flagIndex
  }

  private grow(): void {
    const capacity = this.station.length * 2
    const bigger = <T extends Int32Array | Float64Array>(old: T, fresh: T): T => {
      fresh.set(old)
      return fresh
    }
    this.station = bigger(this.station, new Int32Array(capacity))
    this.variable = bigger(this.variable, new Int32Array(capacity))
    this.time = bigger(this.time, new Float64Array(capacity))
    this.value = bigger(this.value, new Float64Array(capacity))
    this.flag = bigger(this.flag, new Int32Array(capacity))
  }

  /** Sorted by station, variable and time, one observation a time.
   *  Rows that say the same are kept once; a value wins over a missing one; rows that contradict are averaged, with
   *  the flag of the first, and reported, so that the caller can refuse. */
  finish(): { observations: Observations; duplicates: DuplicateReport } {
    const order = this.sortedOrder()
    const observations = {
      station: new Int32Array(this.length),
      variable: new Int32Array(this.length),
      observedAtMs: new Float64Array(this.length),
      value: new Float64Array(this.length),
      flag: new Int32Array(this.length),
      flagTexts: this.flagTexts,
    }
    const duplicates: DuplicateReport = { identical: 0, conflicting: 0, examples: [] }
    let kept = 0
    for (let start = 0; start < order.length; ) {
      const first = order[start]
      let end = start + 1
      while (end < order.length && this.isSameMoment(first, order[end])) end++
      const merged = end - start === 1 ? first : this.merge(order.subarray(start, end), duplicates)
      observations.station[kept] = this.station[first]
      observations.variable[kept] = this.variable[first]
      observations.observedAtMs[kept] = this.time[first]
      observations.value[kept] = this.value[merged]
      observations.flag[kept] = this.flag[merged]
      kept++
      start = end
    }
    if (kept === this.length) return { observations, duplicates }
    return {
      observations: {
        station: observations.station.slice(0, kept),
        variable: observations.variable.slice(0, kept),
        observedAtMs: observations.observedAtMs.slice(0, kept),
        value: observations.value.slice(0, kept),
        flag: observations.flag.slice(0, kept),
        flagTexts: observations.flagTexts,
      },
      duplicates,
    }
  }

  private isSameMoment(a: number, b: number): boolean {
    return this.time[a] === this.time[b] && this.station[a] === this.station[b] && this.variable[a] === this.variable[b]
  }

  /** @returns the row that stands for all of `rows`; its value is overwritten with the mean when they contradict */
  private merge(rows: Uint32Array, report: DuplicateReport): number {
    const present = rows.filter((row) => !Number.isNaN(this.value[row]))
    if (present.length === 0) {
      report.identical += rows.length - 1
      return rows[0]
    }
    const first = present[0]
    const isConflict = present.some((row) => this.value[row] !== this.value[first])
    if (!isConflict) {
      report.identical += rows.length - 1
      return first
    }
    const values = [...present].map((row) => this.value[row])
    report.conflicting++
    if (report.examples.length < 5)
      report.examples.push({
        station: this.station[first],
        variable: this.variable[first],
        observedAtMs: this.time[first],
        values,
      })
    this.value[first] = values.reduce((sum, value) => sum + value, 0) / values.length
    return first
  }

  /** Row numbers in the order of station, variable, time; equal ones stay in reading order.
   *  Rows are parted by station and variable in one counting pass; within a part files are nearly always in order of
   *  time already, which is checked before sorting. */
  private sortedOrder(): Uint32Array {
    let variables = 0
    let stations = 0
    for (let i = 0; i < this.length; i++) {
      if (this.variable[i] >= variables) variables = this.variable[i] + 1
      if (this.station[i] >= stations) stations = this.station[i] + 1
    }
    const starts = new Uint32Array(stations * variables + 1)
    for (let i = 0; i < this.length; i++) starts[this.station[i] * variables + this.variable[i] + 1]++
    for (let part = 1; part < starts.length; part++) starts[part] += starts[part - 1]
    const next = starts.slice()
    const order = new Uint32Array(this.length)
    for (let i = 0; i < this.length; i++) order[next[this.station[i] * variables + this.variable[i]]++] = i
    const { time } = this
    for (let part = 0; part + 1 < starts.length; part++) {
      const rows = order.subarray(starts[part], starts[part + 1])
      for (let i = 1; i < rows.length; i++)
        if (time[rows[i]] < time[rows[i - 1]]) {
          rows.sort((a, b) => time[a] - time[b] || a - b)
          break
        }
    }
    return order
  }
}
