/** Ways of writing a unit, and how Loam shows it. */
const spellings: readonly [RegExp, string][] = [
  [/^(c?m)(?:3|³|\^3|\*\*3)\s*(?:\/|\.|\s|\*)?\s*\1(?:3|³|\^3|\*\*3)?(?:-3|⁻³|\^-3|\*\*-3)?$/i, 'm3 m-3'],
  [/^(vol\/vol|v\/v|volumetric|fraction of volume)$/i, 'm3 m-3'],
  [/^(%|percent|pct|per ?cent)$/i, '%'],
  [/^(k|kelvin|degrees?[ _]?k(elvin)?)$/i, 'K'],
  [/^(c|°c|deg(rees?)?[ _]?c(elsius)?|celsius|cel)$/i, 'degC'],
  [/^(db|decibels?)$/i, 'dB'],
  [/^(deg|degrees?|°)$/i, 'deg'],
  [/^(m|met(er|re)s?)$/i, 'm'],
  [/^(mm|millimet(er|re)s?)$/i, 'mm'],
  [/^mm\s*(\/|per\s)\s*d(ay)?$|^mm\s*d(ay)?(-1|\^-1|⁻¹)$/i, 'mm d-1'],
  [/^(kg\s*m-2|kg\s*\/\s*m2|kg\s*m\^-2|kg\.m-2|kg m\*\*-2)$/i, 'kg m-2'],
  [/^(1|reflectance|unitless|dimensionless|none|ratio)$/i, '1'],
]

/** The unit as Loam writes it, where it knows the spelling; else the text as it is. `%` stays `%`. */
export function normaliseUnit(text: string): string {
  const unit = text.trim().replace(/\s+/g, ' ')
  return spellings.find(([pattern]) => pattern.test(unit))?.[1] ?? unit
}
