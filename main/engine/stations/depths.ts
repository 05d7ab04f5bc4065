type Depth = [number, number] | null

/** Equal to a micrometre, which forgives how 5 cm turns into metres and nothing else. */
export function sameDepth(a: Depth, b: Depth): boolean {
  if (a === null || b === null) return a === b
  return Math.abs(a[0] - b[0]) < 1e-6 && Math.abs(a[1] - b[1]) < 1e-6
}

/** `at 0.05 m`, `at 0–0.17 m`, `without a depth`. */
export function depthText(depth: Depth): string {
  if (depth === null) return 'without a depth'
  return depth[0] === depth[1] ? `at ${depth[0]} m` : `at ${depth[0]}–${depth[1]} m`
}
