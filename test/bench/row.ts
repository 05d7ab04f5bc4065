/** One line of `npm run bench`. */
export interface BenchRow {
  /** What is measured, on what: "forest, fit, 200 000 × 10, 126 trees". */
  readonly figure: string
  /** Loam's number with its unit: "3.2 s". */
  readonly loam: string
  /** The same job done by another program: "ranger 4.1 s". */
  readonly peer?: string
  /** How many times faster Loam is, or a difference. */
  readonly ratio?: string
  readonly note?: string
}

/** Every module in this folder that exports `bench` is run. */
export type Bench = () => Promise<BenchRow[]>
