import { create } from 'zustand'

/** What one visible layer has under the pointer. */
export interface Reading {
  readonly layer: string
  readonly name: string
  readonly unit: string
  readonly value: number | null
  /** Why there is no value, in words. */
  readonly reason: string | null
}

interface Pointer {
  /** CRS the map is drawn in; null before there is a map. */
  readonly crs: string | null
  /** In that CRS; null while the pointer is elsewhere. */
  readonly at: { readonly x: number; readonly y: number } | null
  readonly readings: readonly Reading[]
  /** 1 : n of the view; null before there is a map. */
  readonly scale: number | null
}

/** Written by the map as the pointer or the cross-hair moves. */
export const usePointer = create<Pointer>(() => ({ crs: null, at: null, readings: [], scale: null }))
