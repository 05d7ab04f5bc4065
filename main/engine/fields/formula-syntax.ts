import { LoamError } from '../../contract/index.ts'
import { formulaFunctions } from './formula-functions.ts'
import { nameHint } from './near-names.ts'

/** A parsed formula. Operators are calls of the function of that name: `-` with one argument is the sign. */
export type FormulaNode =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'call'; readonly name: string; readonly arguments: readonly FormulaNode[] }

interface Token {
  readonly kind: 'number' | 'name' | 'sign' | 'end'
  readonly text: string
  /** 1-based character in the formula. */
  readonly at: number
}

/** Binding strength, weakest first. `^` binds to the right and before the sign: -2^2 is -4. Comparisons do not chain. */
const strengths: Record<string, number> = {
  '<': 1,
  '<=': 1,
  '>': 1,
  '>=': 1,
  '==': 1,
  '!=': 1,
  '+': 2,
  '-': 2,
  '*': 3,
  '/': 3,
  '^': 5,
}
const comparison = 1
const signStrength = 4
const powerStrength = 5
const constants: Record<string, number> = { pi: Math.PI }
/** More brackets inside brackets than any formula needs; keeps the parser's own stack small. */
const deepest = 100

/** Reads a formula of arithmetic, comparisons and the functions of `formula-functions.ts` over named inputs.
 *  @param where path of the expression, for the error
 *  @returns the tree and the input names used in it
 *  @throws bad_recipe with the position of the first fault */
export function parseFormula(
  text: string,
  inputs: readonly string[],
  where: string,
): { tree: FormulaNode; used: Set<string> } {
  const tokens = tokenise(text, fault)
  const used = new Set<string>()
  let next = 0
  let depth = 0

  const tree = expression(0)
  if (tokens[next].kind !== 'end') throw unexpected(tokens[next], 'an operator or the end')
  return { tree, used }

  function expression(weakest: number): FormulaNode {
    if (++depth > deepest) throw fault(`more than ${deepest} levels of brackets`, tokens[next].at)
    let left = operand()
    for (;;) {
      const operator = tokens[next]
      const strength = operator.kind === 'sign' ? strengths[operator.text] : undefined
      if (strength === undefined || strength < weakest) break
      next++
      const right = expression(strength === powerStrength ? signStrength : strength + 1)
      left = { type: 'call', name: operator.text, arguments: [left, right] }
      const following = tokens[next]
      if (strength === comparison && strengths[following.text] === comparison)
        throw fault('comparisons in a row; write them with where()', following.at)
    }
    depth--
    return left
  }

  function operand(): FormulaNode {
    const token = tokens[next++]
    if (token.kind === 'number') return { type: 'number', value: Number(token.text) }
    if (token.kind === 'name') return tokens[next].text === '(' ? call(token) : name(token)
    if (token.text === '-') return { type: 'call', name: '-', arguments: [expression(signStrength)] }
    if (token.text === '+') return expression(signStrength)
    if (token.text !== '(') throw unexpected(token, 'a number, a name or "("')
    const inside = expression(0)
    expect(')')
    return inside
  }

  function name(token: Token): FormulaNode {
    if (inputs.includes(token.text)) {
      used.add(token.text)
      return { type: 'name', name: token.text }
    }
    if (Object.hasOwn(constants, token.text)) return { type: 'number', value: constants[token.text] }
    throw fault(`unknown name "${token.text}"`, token.at, nameHint(token.text, inputs))
  }

  function call(token: Token): FormulaNode {
    const names = Object.keys(formulaFunctions).filter((each) => /^[a-z]/.test(each))
    if (!names.includes(token.text))
      throw fault(`unknown function "${token.text}"`, token.at, nameHint(token.text, names))
    expect('(')
    const values: FormulaNode[] = []
    if (tokens[next].text !== ')') {
      values.push(expression(0))
      while (tokens[next].text === ',') {
        next++
        values.push(expression(0))
      }
    }
    expect(')')
    const wanted = formulaFunctions[token.text].map((variant) => variant.length)
    const isEnough = wanted.includes(values.length) || (isFoldable(token.text) && values.length > 2)
    if (!isEnough)
      throw fault(`${token.text}() with ${values.length} values; it takes ${wanted.join(' or ')}`, token.at)
    // min and max of many: taken two by two.
    return values.length > 2 && isFoldable(token.text)
      ? values.reduce((a, b) => ({ type: 'call', name: token.text, arguments: [a, b] }))
      : { type: 'call', name: token.text, arguments: values }
  }

  function expect(sign: string): void {
    const token = tokens[next++]
    if (token.text !== sign) throw unexpected(token, `"${sign}"`)
  }

  function unexpected(token: Token, wanted: string): LoamError {
    const found = token.kind === 'end' ? 'the end' : `"${token.text}"`
    return fault(`${found} where ${wanted} was needed`, token.at)
  }

  function fault(found: string, at: number, hint = 'Mend the formula there.'): LoamError {
    return new LoamError('bad_recipe', `Field "${where}": formula "${text}" has ${found} at character ${at}. ${hint}`, {
      field: where,
      at,
    })
  }
}

function isFoldable(name: string): boolean {
  return name === 'min' || name === 'max'
}

const pattern =
  /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_][A-Za-z0-9_]*)|(<=|>=|==|!=|[-+*/^(),<>]))/y

function tokenise(text: string, fault: (found: string, at: number) => LoamError): Token[] {
  const tokens: Token[] = []
  const end = text.trimEnd().length
  pattern.lastIndex = 0
  while (pattern.lastIndex < end) {
    const start = pattern.lastIndex
    const match = pattern.exec(text)
    if (!match) {
      const at = start + text.slice(start).search(/\S/)
      throw fault(`an unknown sign "${text[at]}"`, at + 1)
    }
    const found = match[1] ?? match[2] ?? match[3]
    const kind = match[1] !== undefined ? 'number' : match[2] !== undefined ? 'name' : 'sign'
    tokens.push({ kind, text: found, at: pattern.lastIndex - found.length + 1 })
  }
  tokens.push({ kind: 'end', text: '', at: end + 1 })
  return tokens
}
