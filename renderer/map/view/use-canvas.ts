import { useCallback, useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import { MapCanvas } from './map-canvas.ts'

export type CanvasState = 'drawing' | 'redrawing' | 'failed'

/** Milliseconds without drawing after which the picture is kept for the case that the graphics context is lost. */
const keepAfter = 800
/** Rebuilding is tried this often; then the user is asked. */
const mostFailures = 2
/** Milliseconds after which an old loss (the machine slept, its driver was renewed) says nothing about the next. */
const forgetAfter = 600_000

/** Owns the canvas. When the graphics context is lost, the last picture stays, the layers are built anew in a new canvas, and
 *  after two losses it waits for the user to ask for that. */
export function useCanvas(parent: RefObject<HTMLElement | null>, lastPicture: RefObject<HTMLCanvasElement | null>) {
  const [canvas, setCanvas] = useState<MapCanvas | null>(null)
  const [state, setState] = useState<CanvasState>('drawing')
  /** Number of the canvas: the next one is made when it changes. */
  const [round, setRound] = useState(1)
  const failures = useRef(0)
  const lastLoss = useRef(-Infinity)
  const kept = useRef<ImageBitmap | null>(null)

  useEffect(() => {
    if (!parent.current) return
    const onto = lastPicture.current
    let timer: ReturnType<typeof setTimeout> | undefined
    let isOver = false
    let isKeeping = false
    const keep = () => {
      // Keeping the picture draws once itself; that must not keep it again.
      isKeeping = true
      const picture = made.snapshot()
      isKeeping = false
      void picture.then(
        (next) => {
          if (isOver) return next.close()
          kept.current?.close()
          kept.current = next
        },
        // A canvas of no size has no picture to keep.
        () => {},
      )
    }
    const lose = () => {
      if (isOver) return
      clearTimeout(timer)
      const now = performance.now()
      failures.current = now - lastLoss.current > forgetAfter ? 1 : failures.current + 1
      lastLoss.current = now
      showPicture(onto, kept.current)
      setState(failures.current > mostFailures ? 'failed' : 'redrawing')
      if (failures.current <= mostFailures) setTimeout(() => setRound((before) => before + 1), 300)
    }
    const made = new MapCanvas({
      parent: parent.current,
      round,
      onReady: () => !isOver && setCanvas(made),
      onContextLost: lose,
      onFault: (error) => console.warn(`The map could not be drawn: ${error.message}`),
      onDrawn: () => {
        if (isKeeping || isOver) return
        clearTimeout(timer)
        timer = setTimeout(keep, keepAfter)
        setState((before) => (before === 'redrawing' ? 'drawing' : before))
      },
    })
    return () => {
      isOver = true
      clearTimeout(timer)
      made.close()
    }
  }, [parent, lastPicture, round])

  const restart = useCallback(() => {
    failures.current = 0
    setState('redrawing')
    setRound((before) => before + 1)
  }, [])
  return { canvas, state, restart }
}

function showPicture(onto: HTMLCanvasElement | null, picture: ImageBitmap | null): void {
  if (!onto || !picture) return
  onto.width = picture.width
  onto.height = picture.height
  onto.getContext('2d')?.drawImage(picture, 0, 0)
}
