import { create } from 'zustand'

interface ViewRanges {
  /** By layer id: 2nd and 98th percentile of what was in view when "this view once" was chosen. */
  readonly ranges: Readonly<Record<string, readonly [number, number]>>
}

/** Ranges taken from a view stay as they were taken: nothing changes colour because the map moved. */
export const useViewRanges = create<ViewRanges>(() => ({ ranges: {} }))

export function takeViewRange(layer: string, range: readonly [number, number]): void {
  useViewRanges.setState(({ ranges }) => ({ ranges: { ...ranges, [layer]: range } }))
}

export function dropViewRange(layer: string): void {
  useViewRanges.setState(({ ranges }) => ({
    ranges: Object.fromEntries(Object.entries(ranges).filter(([id]) => id !== layer)),
  }))
}
