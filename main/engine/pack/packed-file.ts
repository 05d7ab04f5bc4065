import { stat } from 'node:fs/promises'
import { relative, sep } from 'node:path'

export interface PackedFile {
  /** Absolute, where it lies now. */
  readonly from: string
  /** In the pack, `/` between parts. */
  readonly to: string
  readonly bytes: number
  /** As the project knows it; null where it keeps none. */
  readonly sha256: string | null
}

/** A path relative to a folder, as a pack writes it. */
export const inPack = (folder: string, path: string): string => relative(folder, path).split(sep).join('/')

export const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (info) => info.isFile(),
    () => false,
  )
