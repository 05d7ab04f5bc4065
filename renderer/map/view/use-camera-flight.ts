import { useCallback, useEffect, useRef } from 'react'
import { between } from './camera.ts'
import type { Camera } from './camera.ts'

const milliseconds = 250

/** Moves the camera smoothly; at once when the system asks for reduced motion. A new flight or a drag ends the one before.
 *  @returns fly there, and stop where it is */
export function useCameraFlight(camera: Camera | null, onCamera: (camera: Camera) => void) {
  const now = useRef({ camera, onCamera })
  now.current = { camera, onCamera }
  const frame = useRef(0)
  const stop = useCallback(() => cancelAnimationFrame(frame.current), [])
  useEffect(() => stop, [stop])
  const fly = useCallback((to: Camera) => {
    cancelAnimationFrame(frame.current)
    const from = now.current.camera
    if (!from || matchMedia('(prefers-reduced-motion: reduce)').matches) {
      now.current.onCamera(to)
      return
    }
    const begin = performance.now()
    const step = (time: number) => {
      const t = Math.min(1, Math.max(0, (time - begin) / milliseconds))
      // Slow at both ends.
      now.current.onCamera(t === 1 ? to : between(from, to, t * t * (3 - 2 * t)))
      if (t < 1) frame.current = requestAnimationFrame(step)
    }
    frame.current = requestAnimationFrame(step)
  }, [])
  return { fly, stop }
}
