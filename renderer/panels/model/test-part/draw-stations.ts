/** A share of the stations, drawn with a seed, in the order given: at least one, and never all while there are two. Which are drawn
 *  depends on the ids and the seed alone, not on the order or on ids that repeat.
 *  @param share of 0 to 1 */
export function drawStations(ids: readonly string[], share: number, seed: number): string[] {
  const all = [...new Set(ids)]
  const count = Math.max(1, Math.min(all.length - 1, Math.round(share * all.length)))
  const ranks = new Map(all.map((id) => [id, rankOf(`${seed} ${id}`)]))
  const rank = (id: string): number => ranks.get(id) ?? 0
  const drawn = new Set(all.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)).slice(0, count))
  return all.filter((id) => drawn.has(id))
}

/** A number of 32 bits that looks random and follows from the text: FNV-1a, its bits mixed as MurmurHash3 does at the end, because
 *  FNV alone leaves texts that differ in their last letter close together.
 *  Source: Fowler, Noll & Vo, draft-eastlake-fnv; Appleby, MurmurHash3 (public domain). */
function rankOf(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
