import type { Field } from './field.ts'
import { cellText } from './derive.ts'

/** One paragraph a field: name, unit, kind, dates, grid, and how it is made. */
export function describeFields(fields: readonly Field[]): string {
  return fields
    .map((field) => {
      const unit = field.unit === '' ? 'unit unknown' : field.unit
      const grid = field.nativeGrid
        ? `${cellText(field.nativeGrid)}, ${crsText(field.nativeGrid.crs)}`
        : 'no grid of its own'
      return `${field.name} [${unit}], ${field.kind}, ${describeTimes(field)}, ${grid}\n    ${field.lineage}`
    })
    .join('\n')
}

function describeTimes({ times }: Field): string {
  if (times === 'static') return 'static'
  if (times === 'any') return 'every date'
  return times.length === 1 ? `on ${times[0]}` : `${times.length} dates ${times[0]} to ${times.at(-1)}`
}

function crsText(crs: string): string {
  return /"([^"]+)"/.exec(crs)?.[1] ?? crs
}
