interface RangeBarProps {
  readonly value: number | null
  /** Smallest and largest of the training rows. */
  readonly range: readonly [number, number]
  /** Said of the bar: `0.61, training 0.12 to 0.88`. */
  readonly words: string
}

/** Where a value lies in the range the model was trained on; outside it the dot leaves the bar and the words say so. */
export function RangeBar({ value, range: [low, high], words }: RangeBarProps) {
  const width = 72
  const from = 10
  const to = width - 10
  const share = value === null || high === low ? 0.5 : (value - low) / (high - low)
  const x = Math.min(width - 4, Math.max(4, from + share * (to - from)))
  const isOutside = value !== null && (value < low || value > high)
  return (
    <svg
      className={`range-bar${isOutside ? ' is-outside' : ''}`}
      width={width}
      height={14}
      role="img"
      aria-label={words}
    >
      <title>{words}</title>
      <path d={`M${from} 3v8M${from} 7H${to}M${to} 3v8`} />
      {value !== null && <circle cx={x} cy={7} r={3.5} />}
    </svg>
  )
}
