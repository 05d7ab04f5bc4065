import { useEffect, useRef } from 'react'
import { lookBytes, rampPlace } from '../colour/layer-look.ts'
import type { LayerLook } from '../colour/layer-look.ts'

const steps = 256

/** A look's colours from left to right over its range. */
export function RampBar({ look }: { readonly look: LayerLook }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    const bytes = lookBytes(look)
    const picture = context.createImageData(steps, 1)
    const span = look.range[1] - look.range[0]
    for (let i = 0; i < steps; i++) {
      const at = Math.round(rampPlace(look, look.range[0] + (span * (i + 0.5)) / steps) * (steps - 1))
      picture.data.set(bytes.subarray(4 * at, 4 * at + 4), 4 * i)
    }
    context.putImageData(picture, 0, 0)
  }, [look])
  return <canvas ref={canvas} className="ramp-bar" width={steps} height={1} aria-hidden="true" />
}
