/** The units of files as people write them: `m3 m-3` is m³ m⁻³. */
export function formatUnit(unit: string): string {
  const superscripts: Record<string, string> = { '-': '⁻', '1': '¹', '2': '²', '3': '³', '4': '⁴' }
  if (unit === '1') return ''
  return unit
    .replace(/([a-zA-Z])(-?\d)\b/g, (_, letter: string, power: string) =>
      [letter, ...[...power].map((each) => superscripts[each] ?? each)].join(''),
    )
    .replace(/^deg(ree)?s?$/, '°')
    .replace(/^degC$/, '°C')
}
