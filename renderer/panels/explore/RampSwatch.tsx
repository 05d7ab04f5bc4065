import { rampColours } from '../../../main/contract/index.ts'

interface RampSwatchProps {
  readonly ramp: string
  readonly isReversed?: boolean
  readonly width?: number
  readonly height?: number
}

/** A ramp in small; decoration beside a name. */
export function RampSwatch({ ramp, isReversed = false, width = 28, height = 12 }: RampSwatchProps) {
  const colours = rampColours(ramp, isReversed)
  const steps = 16
  return (
    <svg
      className="ramp-swatch"
      width={width}
      height={height}
      aria-hidden="true"
      preserveAspectRatio="none"
      viewBox={`0 0 ${steps} 1`}
    >
      {Array.from({ length: steps }, (_, i) => (
        <rect
          key={i}
          x={i}
          width={1.05}
          height={1}
          fill={`rgb(${colours[Math.round((i * 255) / (steps - 1))].join(' ')})`}
        />
      ))}
    </svg>
  )
}
