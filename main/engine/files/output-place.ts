import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { LoamError } from '../../contract/index.ts'

/** Refuses, before anything is computed, a place where the result could not be written or would destroy what it is made
 *  from.
 *  @param inputs files the result is computed from
 *  @throws bad_input: a folder, or one of the inputs; not_found: no such folder */
export async function requireOutputPlace(out: string, inputs: readonly string[]): Promise<void> {
  const path = resolve(out)
  const there = await statOf(path)
  if (there?.isDirectory())
    throw new LoamError('bad_input', `${path} is a folder. Give the path of the file to write.`, { path })
  if (!(await statOf(dirname(path)))?.isDirectory())
    throw new LoamError('not_found', `The folder ${dirname(path)} is not there. Make it, or choose another.`, { path })
  for (const input of inputs) {
    const source = await statOf(input)
    if (there && source && source.dev === there.dev && source.ino === there.ino)
      throw new LoamError('bad_input', `${path} is an input and would be overwritten. Choose another file to write.`, {
        path,
      })
  }
}

async function statOf(path: string) {
  return stat(path).catch(() => null)
}
