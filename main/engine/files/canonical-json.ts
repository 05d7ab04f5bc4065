/** JSON text that is equal for equal values: keys sorted by UTF-16 code units, no white space, `undefined` members left
 *  out, -0 written as 0. The text under every hash of a recipe, plan or field.
 *  @throws TypeError for what JSON would silently turn into null or drop: NaN, ±Infinity, functions, symbols, bigint, and
 *  `undefined` or a hole inside an array. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no canonical JSON form`)
    return JSON.stringify(value)
  }
  if (typeof value !== 'object') throw new TypeError(`a ${typeof value} has no canonical JSON form`)
  if ('toJSON' in value && typeof value.toJSON === 'function') return canonicalJson(value.toJSON())
  if (Array.isArray(value)) return `[${Array.from(value, (item) => canonicalJson(item)).join(',')}]`
  if (ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set)
    throw new TypeError(`a ${value.constructor.name} has no canonical JSON form`)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  members.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
}
