/** A depth interval in metres as people write it: `[0, 0.05]` is 0–5 cm, `[0.3, 0.3]` is 30 cm. */
export function formatDepth([from, to]: readonly [number, number]): string {
  const [upper, lower] = [from, to].map((metres) => Number((100 * metres).toPrecision(3)))
  return upper === lower ? `${lower} cm` : `${upper}–${lower} cm`
}
