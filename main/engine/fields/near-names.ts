/** Names close to a mistyped one: same letters but for case, one inside the other, or at most two slips away. Best first. */
export function nearNames(wanted: string, known: Iterable<string>): string[] {
  const lower = wanted.toLowerCase()
  const scored: { name: string; distance: number }[] = []
  for (const name of new Set(known)) {
    const other = name.toLowerCase()
    const slips = editDistance(lower, other)
    const isPart = Math.min(lower.length, other.length) > 2 && (other.includes(lower) || lower.includes(other))
    if (slips <= Math.min(2, Math.max(1, lower.length - 2))) scored.push({ name, distance: slips })
    else if (isPart) scored.push({ name, distance: 3 })
  }
  return scored
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 5)
    .map((each) => each.name)
}

/** " Did you mean …?" or, when nothing is near, what there is. */
export function nameHint(wanted: string, known: readonly string[]): string {
  const near = nearNames(wanted, known)
  if (near.length) return `Did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`
  const shown = known.slice(0, 20).join(', ') || 'none'
  return `There ${known.length === 1 ? 'is' : 'are'}: ${shown}${known.length > 20 ? ', …' : ''}.`
}

/** Slips between two words: insertions, deletions and changes of one letter, swaps of two neighbours (optimal string
 *  alignment). */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    rows.push([i])
    for (let j = 1; j <= b.length; j++) {
      const change = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      rows[i].push(Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, change))
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (isSwap) rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1)
    }
  }
  return rows[a.length][b.length]
}
