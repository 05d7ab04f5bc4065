import { useId } from 'react'
import { patternPeriod } from '../gpu/reason-patterns.ts'
import type { Pattern } from '../gpu/reason-patterns.ts'

const half = patternPeriod / 2
/** The shader's patterns as paths over one period. */
const paths: Record<Pattern, string> = {
  none: '',
  lines: `M-1 ${patternPeriod + 1} L${patternPeriod + 1} -1 M-1 1 L1 -1 M${patternPeriod - 1} ${patternPeriod + 1} L${patternPeriod + 1} ${patternPeriod - 1}`,
  backLines: `M-1 -1 L${patternPeriod + 1} ${patternPeriod + 1} M${patternPeriod - 1} -1 L${patternPeriod + 1} 1 M-1 ${patternPeriod - 1} L1 ${patternPeriod + 1}`,
  crossHatch: `M0 ${patternPeriod} L${patternPeriod} 0 M0 0 L${patternPeriod} ${patternPeriod}`,
  dots: '',
  rows: `M0 ${half} H${patternPeriod}`,
  columns: `M${half} 0 V${patternPeriod}`,
  plus: `M${half - 2.5} ${half} H${half + 2.5} M${half} ${half - 2.5} V${half + 2.5}`,
  outline: '',
}

/** A piece of a pattern as the map draws it; decoration beside its name. */
export function PatternSwatch({ pattern }: { readonly pattern: Pattern }) {
  const id = useId()
  return (
    <svg className="pattern-swatch" width={24} height={14} aria-hidden="true">
      <defs>
        <pattern id={id} width={patternPeriod} height={patternPeriod} patternUnits="userSpaceOnUse">
          <path d={paths[pattern]} />
          {pattern === 'dots' && <circle cx={half} cy={half} r={1.3} />}
        </pattern>
      </defs>
      <rect
        x={0.5}
        y={0.5}
        width={23}
        height={13}
        fill={`url(#${id})`}
        className={pattern === 'outline' ? 'is-outline' : ''}
      />
    </svg>
  )
}
