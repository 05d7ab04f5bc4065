import { formulaFunctions } from './formula-functions.ts'
import type { FormulaNode } from './formula-syntax.ts'

/** Cells worked on at a time: the scratch of a whole formula stays in the nearest cache. */
const chunk = 1024

/** Writes the node's value for `count` cells from `start` into `out`. */
type Step = (columns: readonly Float32Array[], start: number, count: number, out: Float64Array) => void

/** Turns a parsed formula into a function over columns of cells, in double precision.
 *  @param names input names, in the order of the columns
 *  @returns function (columns: Float32Array[n] per name, out: Float32Array[n]); not finite where the formula is not */
export function compileFormula(
  tree: FormulaNode,
  names: readonly string[],
): (columns: readonly Float32Array[], out: Float32Array) => void {
  const step = compileNode(tree, names)
  const scratch = new Float64Array(chunk)
  return (columns, out) => {
    for (let start = 0; start < out.length; start += chunk) {
      const count = Math.min(chunk, out.length - start)
      step(columns, start, count, scratch)
      for (let i = 0; i < count; i++) out[start + i] = scratch[i]
    }
  }
}

function compileNode(node: FormulaNode, names: readonly string[]): Step {
  if (node.type === 'number') return (_columns, _start, count, out) => void out.fill(node.value, 0, count)
  if (node.type === 'name') {
    const index = names.indexOf(node.name)
    return (columns, start, count, out) => {
      const column = columns[index]
      for (let i = 0; i < count; i++) out[i] = column[start + i]
    }
  }
  const steps = node.arguments.map((argument) => compileNode(argument, names))
  const isNumber = node.arguments.map((argument) => argument.type === 'number')
  const loop = steps.length === 2 ? arithmetic[node.name] : undefined
  if (loop) {
    const scratch = scratchFor(node.arguments[1])
    return (columns, start, count, out) => {
      steps[0](columns, start, count, out)
      if (!isNumber[1]) steps[1](columns, start, count, scratch)
      loop(out, scratch, count)
    }
  }
  const apply = formulaFunctions[node.name].find((variant) => variant.length === steps.length)!
  const values = node.arguments.map(scratchFor)
  const [a, b, c] = values
  return (columns, start, count, out) => {
    for (let k = 0; k < steps.length; k++) if (!isNumber[k]) steps[k](columns, start, count, values[k])
    if (steps.length === 1) for (let i = 0; i < count; i++) out[i] = apply(a[i])
    else if (steps.length === 2) for (let i = 0; i < count; i++) out[i] = apply(a[i], b[i])
    else for (let i = 0; i < count; i++) out[i] = apply(a[i], b[i], c[i])
  }
}

type Loop = (out: Float64Array, right: Float64Array, count: number) => void

/** The four rules of arithmetic as loops of their own: no call per cell. */
const arithmetic: Record<string, Loop> = {
  '+': (out, right, count) => {
    for (let i = 0; i < count; i++) out[i] += right[i]
  },
  '-': (out, right, count) => {
    for (let i = 0; i < count; i++) out[i] -= right[i]
  },
  '*': (out, right, count) => {
    for (let i = 0; i < count; i++) out[i] *= right[i]
  },
  '/': (out, right, count) => {
    for (let i = 0; i < count; i++) out[i] /= right[i]
  },
}

/** A number's scratch is filled once: nothing else ever writes into it. */
function scratchFor(node: FormulaNode): Float64Array {
  return new Float64Array(chunk).fill(node.type === 'number' ? node.value : 0)
}
