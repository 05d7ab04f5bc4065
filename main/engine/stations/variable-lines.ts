import type { StationVariable } from '../../contract/index.ts'

/** Variables in words, one line for each name and unit with all its depths: `vw, m3 m-3; at 0.3 m, 0.6 m (up to 2 sensors)`. */
export function variableLines(variables: readonly StationVariable[]): string[] {
  const byName = new Map<string, Map<string, number>>()
  for (const { name, unit, depth } of variables) {
    const title = `${name}, ${unit === '' ? 'unit not stated' : unit}`
    const depths = byName.get(title) ?? new Map<string, number>()
    const place = depth === null ? '' : depth[0] === depth[1] ? `${depth[0]} m` : `${depth[0]}–${depth[1]} m`
    depths.set(place, (depths.get(place) ?? 0) + 1)
    byName.set(title, depths)
  }
  return [...byName].map(([title, depths]) => {
    const places = [...depths.keys()].filter((place) => place !== '')
    const sensors = Math.max(...depths.values())
    return (
      title +
      (places.length > 0 ? `; at ${places.join(', ')}` : '') +
      (places.length > 0 && depths.has('') ? ', and without a depth' : '') +
      (sensors > 1 ? ` (up to ${sensors} sensors)` : '')
    )
  })
}
