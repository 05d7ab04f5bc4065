/** Classes of the training rows, by ascending code, that have at least so many rows. */
export function classesOf(column: Float32Array, least: number): { readonly code: number; readonly rows: Int32Array }[] {
  const rows = new Map<number, number[]>()
  for (let row = 0; row < column.length; row++) {
    const code = Math.round(column[row])
    const members = rows.get(code)
    if (members) members.push(row)
    else rows.set(code, [row])
  }
  return [...rows]
    .filter(([, members]) => members.length >= least)
    .sort(([a], [b]) => a - b)
    .map(([code, members]) => ({ code, rows: Int32Array.from(members) }))
}

/** Cells by the regression that predicts them: 0 for a class without one of its own, k + 1 for `codes[k]`; cells without a class are in
 *  none. */
export function cellsByClass(
  column: Float32Array,
  codes: readonly number[],
): { readonly regression: number; readonly cells: Int32Array }[] {
  const place = new Map(codes.map((code, k) => [code, k + 1]))
  const counts = new Int32Array(codes.length + 1)
  const regression = Int32Array.from(column, (value) =>
    Number.isFinite(value) ? (place.get(Math.round(value)) ?? 0) : -1,
  )
  for (const k of regression) if (k >= 0) counts[k]++
  const parts = Array.from(counts, (count, k) => ({ regression: k, cells: new Int32Array(count) }))
  const next = new Int32Array(counts.length)
  regression.forEach((k, cell) => {
    if (k >= 0) parts[k].cells[next[k]++] = cell
  })
  return parts.filter(({ cells }) => cells.length > 0)
}
