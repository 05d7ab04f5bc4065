import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { asLoamError, endpoints } from '../../main/contract/index.ts'
import type { CellSeries, Day, LoamError } from '../../main/contract/index.ts'
import { call } from './client.ts'

export interface InspectedPlace {
  readonly x: number
  readonly y: number
  readonly crs: string
}

/** Everything that is known of one place on one day; the answer before stays until the next is there. */
export function useInspection(place: InspectedPlace | null, day: Day | null, layers: readonly string[]) {
  return useQuery({
    queryKey: ['inspect', place, day, layers],
    queryFn: ({ signal }) =>
      call(endpoints.inspect, { body: { ...place!, day: day ?? 'static', layers: [...layers] }, signal }),
    enabled: place !== null && layers.length > 0,
    placeholderData: keepPreviousData,
  })
}

export interface SeriesQuestion {
  readonly place: InspectedPlace
  /** Ascending. */
  readonly days: readonly Day[]
  readonly layers: readonly string[]
  readonly runs: readonly string[]
  readonly stations: readonly { readonly set: string; readonly variable: string; readonly depth?: [number, number] }[]
}

export interface SeriesAnswer {
  readonly days: readonly Day[]
  /** By id; one value a day, null also where it is not read yet. */
  readonly series: readonly CellSeries[]
  /** Days that were read. */
  readonly done: number
  readonly fault: LoamError | null
  /** Ends reading; what is there stays. */
  readonly stop: () => void
}

const firstBatch = 24
const batch = 90

/** The series of a cell, read in batches that begin around `near`, so that the chart fills from where one looks. `question`
 *  should be stable (useMemo). */
export function useCellSeries(question: SeriesQuestion | null, near: Day | null): SeriesAnswer | null {
  const [answer, setAnswer] = useState<{ of: SeriesQuestion; answer: SeriesAnswer } | null>(null)
  const [begin] = useState(() => near)
  useEffect(() => {
    if (!question) return
    const reading = new AbortController()
    void readAll(question, begin, reading, (next) => setAnswer({ of: question, answer: next }))
    return () => reading.abort()
  }, [question, begin])
  return answer && answer.of === question ? answer.answer : null
}

async function readAll(
  { place, days, layers, runs, stations }: SeriesQuestion,
  near: Day | null,
  reading: AbortController,
  tell: (answer: SeriesAnswer) => void,
): Promise<void> {
  const merged = new Map<string, CellSeries>()
  const stop = () => reading.abort()
  let done = 0
  for (const [from, to] of batches(days, near)) {
    try {
      const part = await call(endpoints.cellSeries, {
        body: {
          ...place,
          days: days.slice(from, to),
          layers: [...layers],
          runs: [...runs],
          stations: stations.map((each) => ({ ...each, within: 1000 })),
        },
        signal: reading.signal,
      })
      for (const each of part.series) merged.set(each.id, withPart(merged.get(each.id), each, from, days.length))
      done += to - from
      tell({ days, series: [...merged.values()], done, fault: null, stop })
    } catch (thrown) {
      if (!reading.signal.aborted) tell({ days, series: [...merged.values()], done, fault: asLoamError(thrown), stop })
      return
    }
  }
}

/** Ranges of days: first those around one, then the rest outwards in larger pieces. */
function batches(days: readonly Day[], near: Day | null): [number, number][] {
  const found = near ? days.findIndex((day) => day >= near) : 0
  const middle = found < 0 ? days.length : found
  let from = Math.max(0, middle - firstBatch / 2)
  let to = Math.min(days.length, middle + firstBatch / 2)
  const ranges: [number, number][] = from < to ? [[from, to]] : []
  while (from > 0 || to < days.length) {
    if (to < days.length) {
      ranges.push([to, Math.min(days.length, to + batch)])
      to = Math.min(days.length, to + batch)
    }
    if (from > 0) {
      ranges.push([Math.max(0, from - batch), from])
      from = Math.max(0, from - batch)
    }
  }
  return ranges
}

function withPart(before: CellSeries | undefined, part: CellSeries, from: number, length: number): CellSeries {
  const values = before ? [...before.values] : Array.from({ length }, () => null)
  const reasons = before ? [...before.reasons] : Array.from({ length }, () => null)
  part.values.forEach((value, i) => (values[from + i] = value))
  part.reasons.forEach((reason, i) => (reasons[from + i] = reason))
  return { ...part, values, reasons, fault: part.fault ?? before?.fault ?? null }
}
