import type { VariogramModel } from './variogram-model.ts'
import { variogramShapes } from './variogram-shapes.ts'

/** A model in words for a methods section: `spherical (partial sill 0.59, range 897 m), nugget 0.05, sill 0.64`. */
export function describeVariogram(model: VariogramModel, lengthUnit: string): string {
  const short = (value: number): string => String(Number(value.toPrecision(4)))
  const nugget = model.reduce((sum, part) => sum + (part.shape === 'nug' ? part.partialSill : 0), 0)
  const isUnbounded = model.some(({ shape, range }) => shape === 'lin' && range === 0)
  const sill = model.reduce((sum, part) => sum + part.partialSill, 0)
  const parts = model
    .filter(({ shape, partialSill }) => shape !== 'nug' && partialSill > 0)
    .map(({ shape, partialSill, range, smoothness, angle, ratio }) => {
      const words =
        shape === 'lin' && range === 0
          ? [`slope ${short(partialSill)}`]
          : [`partial sill ${short(partialSill)}`, `range ${short(range)} ${lengthUnit}`]
      if (variogramShapes[shape].hasSmoothness) words.push(`smoothness ${short(smoothness)}`)
      if (ratio !== 1) words.push(`longest towards ${short(angle)}°, across it ${short(ratio)} of that`)
      return `${variogramShapes[shape].title} (${words.join(', ')})`
    })
  return [
    parts.join(' and ') || 'pure nugget',
    `nugget ${short(nugget)}`,
    isUnbounded ? 'no sill' : `sill ${short(sill)}`,
  ].join(', ')
}
