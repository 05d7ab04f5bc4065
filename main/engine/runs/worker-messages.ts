import type { Part } from './part-keys.ts'

/** What a run's process tells a worker. */
export type ToWorker =
  | { readonly type: 'open'; readonly folder: string; readonly cacheBytes: number }
  | { readonly type: 'compute'; readonly part: Part; readonly threads: number }

/** What a worker answers. A worker computes one part at a time. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly fraction: number }
  | { readonly type: 'done'; readonly computed: boolean; readonly peakMemoryBytes: number }
  | { readonly type: 'failed'; readonly fault: { code: string; message: string; details: Record<string, unknown> } }
