import { describe, expect, test } from 'vitest'
import { LoamError } from '../../../main/contract/index.ts'
import { compileFormula } from '../../../main/engine/fields/evaluate-formula.ts'
import { parseFormula } from '../../../main/engine/fields/formula-syntax.ts'
import { Random } from '../../../main/engine/numeric/index.ts'

function evaluate(text: string, values: Record<string, number> = {}): number {
  const names = Object.keys(values)
  const out = new Float32Array(1)
  const columns = Object.values(values).map((value) => Float32Array.of(value))
  compileFormula(parseFormula(text, names, 'test').tree, names)(columns, out)
  return out[0]
}

function faultOf(text: string, names: string[] = ['a', 'b']): LoamError {
  try {
    parseFormula(text, names, 'wet.inputs.x')
  } catch (thrown) {
    return thrown as LoamError
  }
  throw new Error(`${text} was taken`)
}

describe('formulas', () => {
  test.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['8 - 3 - 2', 3],
    ['16 / 4 / 2', 2],
    ['2 ^ 3 ^ 2', 512],
    ['-2 ^ 2', -4],
    ['2 ^ -1', 0.5],
    ['2 * -3', -6],
    ['- - 3', 3],
    ['+4', 4],
    ['.5e1 + 1.', 6],
    ['2 < 3', 1],
    ['1 + 1 == 2', 1],
    ['3 <= 2', 0],
    ['3 != 3', 0],
    ['where(1 > 2, 10, 20)', 20],
    ['min(3, 1, 2) + max(1, 5)', 6],
    ['abs(-3) + sqrt(16)', 7],
    ['log(exp(2)) + log10(1000)', 5],
    ['pow(2, 10)', 1024],
    ['deg(atan2(1, 1))', 45],
    ['sin(rad(30)) + cos(rad(60)) + tan(rad(45))', 2],
    ['cos(pi)', -1],
  ])('%s is %d', (text, value) => {
    expect(evaluate(text)).toBeCloseTo(value, 6)
  })

  test('a value that is not there stays not there', () => {
    for (const text of ['x > 1', 'x ^ 0', 'pow(x, 0)', 'where(x, 1, 2)', 'min(x, 1)', 'x != x', '0 * x'])
      expect(evaluate(text, { x: Number.NaN })).toBeNaN()
    expect(evaluate('where(x == 0, 7, 1 / x)', { x: 0 })).toBe(7)
  })

  test('blocks longer than the scratch equal a plain loop', () => {
    const random = new Random(3)
    const n = 2500
    const columns = ['nir', 'red', 'blue'].map(() => Float32Array.from({ length: n }, () => random.uniform()))
    const out = new Float32Array(n)
    const text = 'where(nir > red, 2.5 * (nir - red) / (nir + 6 * red - 7.5 * blue + 1), -blue ^ 2)'
    const names = ['nir', 'red', 'blue']
    compileFormula(parseFormula(text, names, 'test').tree, names)(columns, out)
    for (let i = 0; i < n; i++) {
      const [nir, red, blue] = columns.map((column) => column[i])
      const plain = nir > red ? (2.5 * (nir - red)) / (nir + 6 * red - 7.5 * blue + 1) : -(blue * blue)
      expect(out[i]).toBe(Math.fround(plain))
    }
  })

  test.each([
    ['a + c', 5, /unknown name "c"/],
    ['a + sine(b)', 5, /unknown function "sine".*sin/],
    ['a + ', 4, /the end where a number/],
    ['(a + b', 7, /the end where "\)"/],
    ['a b', 3, /"b" where an operator/],
    ['a $ b', 3, /unknown sign "\$"/],
    ['min(a)', 1, /min\(\) with 1 values; it takes 2/],
    ['a < b < 1', 7, /comparisons in a row/],
    ['constructor(a)', 1, /unknown function/],
    ['__proto__', 1, /unknown name/],
    ['a.b', 2, /unknown sign "\."/],
    ['-'.repeat(200) + 'a', 101, /levels/],
    ['('.repeat(150) + 'a', 101, /levels/],
  ])('%s is refused at character %d', (text, at, message) => {
    const fault = faultOf(text)
    expect(fault.code).toBe('bad_recipe')
    expect(fault.details.at).toBe(at)
    expect(fault.message).toMatch(message)
    expect(fault.message).toContain('wet.inputs.x')
  })
})
