import { useEffect, useRef } from 'react'
import { fitCamera } from './camera.ts'
import type { Bounds, Camera, Size } from './camera.ts'

/** What the map was fitted to by itself. */
export interface Fit {
  readonly home: Bounds
  readonly width: number
  readonly height: number
  readonly camera: Camera
}

interface FirstViewInput {
  readonly camera: Camera | null
  readonly onCamera: (camera: Camera) => void
  readonly home: Bounds | null
  /** Of the pane. */
  readonly size: Size
}

/** A map that nobody has moved shows everything: it is fitted anew when there is more to show, or another room to show it in, so
 *  that it does not stay as small as the place it was first shown in. */
export function useFirstView({ camera, onCamera, home, size: { width, height } }: FirstViewInput): void {
  const fit = useRef<Fit | null>(null)
  useEffect(() => {
    if (!home || width === 0 || height === 0) return
    if (!wantsFit(fit.current, { camera, home, width, height })) return
    const next = fitCamera(home, { width, height })
    fit.current = { home, width, height, camera: next }
    onCamera(next)
  }, [camera, home, width, height, onCamera])
}

/** A camera other than that of the last fit was moved by someone. What is hidden makes no difference: only what is new does. */
export function wantsFit(
  fit: Fit | null,
  { camera, home, width, height }: Pick<Fit, 'home' | 'width' | 'height'> & { readonly camera: Camera | null },
): boolean {
  if (!camera) return true
  if (!fit || camera !== fit.camera) return false
  return width !== fit.width || height !== fit.height || !contains(fit.home, home)
}

const contains = (outer: Bounds, inner: Bounds) =>
  outer.west <= inner.west && outer.south <= inner.south && outer.east >= inner.east && outer.north >= inner.north
