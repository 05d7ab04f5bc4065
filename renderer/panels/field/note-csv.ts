import type { FieldNote } from '../../../main/contract/index.ts'

/** Logged observations as a table that Loam reads as stations again.
 *  @param crs of x and y */
export function notesCsv(notes: readonly FieldNote[], crs: string): string {
  const text = (value: string) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
  const head = 'station,date,x,y,crs,depth_from_m,depth_to_m,value,unit,note'
  const rows = notes.map(({ id, observedAt, x, y, depth, value, unit, note }) =>
    [id, observedAt, x, y, text(crs), depth?.[0] ?? '', depth?.[1] ?? '', value ?? '', unit, text(note)].join(','),
  )
  return `${[head, ...rows].join('\n')}\n`
}
