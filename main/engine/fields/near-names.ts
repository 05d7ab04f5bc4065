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

/** Levenshtein's distance: insertions, deletions and changes of one letter. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(previous[j] + 1, current[j - 1] + 1, change))
    }
    previous = current
  }
  return previous[b.length]
}
