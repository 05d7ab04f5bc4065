import type { VariogramRow } from '../../../../main/contract/index.ts'

export type StructureShape = Exclude<VariogramRow['shape'], 'nug' | 'lin'>

/** A model as people change it: a nugget and one structure. */
export interface VariogramNumbers {
  readonly nugget: number
  readonly shape: StructureShape
  readonly partialSill: number
  readonly range: number
}

/** Smoothness of a Matérn model, as the fit takes it. */
const smoothness = 1.5

/** Null for models these numbers cannot tell: of several structures, of another smoothness, or anisotropic. */
export function numbersOf(model: readonly VariogramRow[]): VariogramNumbers | null {
  const structures = model.filter(({ shape }) => shape !== 'nug')
  const [structure] = structures
  if (structures.length !== 1 || structure.shape === 'nug' || structure.shape === 'lin') return null
  if ((structure.ratio ?? 1) !== 1 || (structure.shape === 'mat' && structure.smoothness !== smoothness)) return null
  const nugget = model.reduce((sum, { shape, partialSill }) => sum + (shape === 'nug' ? partialSill : 0), 0)
  return { nugget, shape: structure.shape, partialSill: structure.partialSill, range: structure.range ?? 0 }
}

/** The rows of a model, as they stand in an expression. */
export function rowsOf({ nugget, shape, partialSill, range }: VariogramNumbers): VariogramRow[] {
  return [
    { shape: 'nug', partialSill: nugget },
    { shape, partialSill, range, ...(shape === 'mat' ? { smoothness } : {}) },
  ]
}
