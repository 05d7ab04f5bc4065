type Scalar = (...values: number[]) => number

/** NaN stays NaN through comparisons and powers, where plain arithmetic would lose it (NaN > 1 is false, NaN⁰ is 1). */
const either = (a: number, b: number): boolean => Number.isNaN(a) || Number.isNaN(b)
const truth = (a: number, b: number, holds: boolean): number => (either(a, b) ? Number.NaN : holds ? 1 : 0)
const power = (a: number, b: number): number => (either(a, b) ? Number.NaN : a ** b)
const degrees = 180 / Math.PI

/** What a formula may call, each name with its variants by number of values. Angles are in radians; `log` is natural;
 *  comparisons give 1 or 0; `where(condition, a, b)` is a where the condition is not 0, else b. */
export const formulaFunctions: Record<string, readonly Scalar[]> = {
  '+': [(a, b) => a + b],
  '-': [(a) => -a, (a, b) => a - b],
  '*': [(a, b) => a * b],
  '/': [(a, b) => a / b],
  '^': [(a, b) => power(a, b)],
  '<': [(a, b) => truth(a, b, a < b)],
  '<=': [(a, b) => truth(a, b, a <= b)],
  '>': [(a, b) => truth(a, b, a > b)],
  '>=': [(a, b) => truth(a, b, a >= b)],
  '==': [(a, b) => truth(a, b, a === b)],
  '!=': [(a, b) => truth(a, b, a !== b)],
  where: [(condition, a, b) => (Number.isNaN(condition) ? Number.NaN : condition !== 0 ? a : b)],
  min: [(a, b) => Math.min(a, b)],
  max: [(a, b) => Math.max(a, b)],
  abs: [(a) => Math.abs(a)],
  sqrt: [(a) => Math.sqrt(a)],
  log: [(a) => Math.log(a)],
  log10: [(a) => Math.log10(a)],
  exp: [(a) => Math.exp(a)],
  pow: [(a, b) => power(a, b)],
  sin: [(a) => Math.sin(a)],
  cos: [(a) => Math.cos(a)],
  tan: [(a) => Math.tan(a)],
  atan2: [(y, x) => Math.atan2(y, x)],
  deg: [(a) => a * degrees],
  rad: [(a) => a / degrees],
}
