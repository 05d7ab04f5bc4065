import { LoamError } from '../../contract/index.ts'
import { variogramShapes } from './variogram-shapes.ts'
import type { ShapeName } from './variogram-shapes.ts'

/** One part of a nested variogram. */
export interface VariogramPart {
  readonly shape: ShapeName
  /** Target units squared; for an unbounded `lin` the slope, target units squared per length. */
  readonly partialSill: number
  /** Model parameter in CRS units; 0 for a nugget and for an unbounded `lin`. */
  readonly range: number
  /** Matérn's κ; 0.5 is the exponential. Not used by other shapes. */
  readonly smoothness: number
  /** Direction of the longest range, degrees clockwise from north. */
  readonly angle: number
  /** Shortest range over longest; 1 is isotropic. */
  readonly ratio: number
}

/** A sum of parts. */
export type VariogramModel = readonly VariogramPart[]

const defaults = { range: 0, smoothness: 0.5, angle: 0, ratio: 1 }

/** A part with everything that is not said at its default. */
export function variogramPart(
  part: Partial<VariogramPart> & Pick<VariogramPart, 'shape' | 'partialSill'>,
): VariogramPart {
  return { ...defaults, ...part }
}

/** Semivariance at a separation; 0 at no separation. */
export function semivariance(model: VariogramModel, dx: number, dy = 0): number {
  if (dx === 0 && dy === 0) return 0
  let sum = 0
  for (const part of model)
    sum += part.partialSill * variogramShapes[part.shape].rise(modelDistance(part, dx, dy), part.range, part.smoothness)
  return sum
}

/** Sum of the partial sills, infinite with an unbounded part. */
export function sillOf(model: VariogramModel): number {
  return isBounded(model) ? model.reduce((sum, part) => sum + part.partialSill, 0) : Infinity
}

export function isBounded(model: VariogramModel): boolean {
  return !model.some(({ shape, range, partialSill }) => shape === 'lin' && range === 0 && partialSill > 0)
}

/** Distance on the axis of the longest range that has the same semivariance. */
export function modelDistance({ angle, ratio }: VariogramPart, dx: number, dy: number): number {
  if (ratio === 1) return Math.hypot(dx, dy)
  const turn = (angle * Math.PI) / 180
  const along = dx * Math.sin(turn) + dy * Math.cos(turn)
  const across = dx * Math.cos(turn) - dy * Math.sin(turn)
  return Math.hypot(along, across / ratio)
}

const partPattern = /^([a-z]+)\(([^()]*)\)$/i

/** Reads a model such as `sph(0.59,897)+nug(0.05)`: shape(partial sill, range), `mat(partial sill, range, κ)`, `nug(nugget)`,
 *  `lin(slope)` unbounded; `angle=` and `ratio=` may follow in any part with a range.
 *  @throws bad_input saying which part is wrong */
export function parseVariogram(text: string): VariogramModel {
  const parts = text
    .replace(/\s+/g, '')
    // A plus inside brackets belongs to a number such as 1e+5.
    .split(/\+(?![^(]*\))/)
    .map(parsePart)
  checkVariogram(parts)
  return parts
}

function parsePart(text: string): VariogramPart {
  const [, word = '', inside = ''] = partPattern.exec(text) ?? []
  const shape = word.toLowerCase() as ShapeName
  if (!Object.hasOwn(variogramShapes, shape))
    throw faulty(`"${text}" is no part of a variogram. Write shape(partial sill,range), shapes: ${shapeWords()}`)
  const { hasRange, hasSmoothness } = variogramShapes[shape]
  const named: Partial<Record<'angle' | 'ratio', number>> = {}
  const numbers: number[] = []
  for (const word of inside.split(',')) {
    const [name, value] = word.includes('=') ? word.split('=') : ['', word]
    const number = value === '' ? NaN : Number(value)
    if (!Number.isFinite(number)) throw faulty(`"${word}" in "${text}" is not a number. Write it with a decimal point`)
    if (name === '') numbers.push(number)
    else if ((name === 'angle' || name === 'ratio') && hasRange) named[name] = number
    else throw faulty(`"${name}" in "${text}" is unknown. A part with a range takes angle= and ratio=`)
  }
  const most = 1 + Number(hasRange) + Number(hasSmoothness)
  const least = shape === 'lin' ? 1 : most
  if (numbers.length < least || numbers.length > most)
    throw faulty(
      `"${text}" has ${numbers.length} numbers. ${word} takes ` +
        `${['its partial sill', hasRange ? 'its range' : '', hasSmoothness ? 'its smoothness' : ''].filter(Boolean).join(', ')}`,
    )
  const [partialSill, range = 0, smoothness = defaults.smoothness] = numbers
  return { ...defaults, shape, partialSill, range, smoothness, ...named }
}

/** @throws bad_input when a number is outside what its shape allows */
export function checkVariogram(model: VariogramModel): void {
  if (model.length === 0) throw faulty('A variogram without parts was given. Name at least one')
  for (const part of model) {
    const { shape, partialSill, range, smoothness, ratio, angle } = part
    const { hasRange, hasSmoothness } = variogramShapes[shape]
    const written = formatVariogram([part])
    if (!(partialSill >= 0 && partialSill < Infinity)) throw faulty(`${written} has a negative or endless partial sill`)
    if (hasRange && !(shape === 'lin' ? range >= 0 : range > 0)) throw faulty(`${written} needs a range above 0`)
    if (hasSmoothness && !(smoothness > 0 && smoothness <= 20))
      throw faulty(`${written} needs a smoothness above 0 and up to 20`)
    if (!(ratio > 0 && ratio <= 1) || !Number.isFinite(angle))
      throw faulty(`${written} needs a ratio above 0 and up to 1, and an angle in degrees`)
  }
  if (!model.some(({ partialSill }) => partialSill > 0)) throw faulty('All partial sills are 0. Give one above 0')
}

/** The text that parseVariogram reads. */
export function formatVariogram(model: VariogramModel, digits = 6): string {
  const short = (value: number): string => String(Number(value.toPrecision(digits)))
  return model
    .map(({ shape, partialSill, range, smoothness, angle, ratio }) => {
      const { hasRange, hasSmoothness } = variogramShapes[shape]
      const words = [short(partialSill)]
      if (hasRange && !(shape === 'lin' && range === 0)) words.push(short(range))
      if (hasSmoothness) words.push(short(smoothness))
      if (ratio !== 1) words.push(`angle=${short(angle)}`, `ratio=${short(ratio)}`)
      return `${shape}(${words.join(',')})`
    })
    .join('+')
}

export function shapeWords(): string {
  return Object.entries(variogramShapes)
    .map(([name, { title }]) => `${name} (${title})`)
    .join(', ')
}

function faulty(text: string): LoamError {
  return new LoamError('bad_input', `${text}. Example: sph(0.59,897)+nug(0.05).`)
}
