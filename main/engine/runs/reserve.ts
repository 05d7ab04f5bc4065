import { randomFillSync } from 'node:crypto'
import { rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asLoamError } from '../../contract/index.ts'
import { publish } from '../files/index.ts'

const reserveBytes = 64 * 2 ** 20
const reserveFile = (folder: string) => join(folder, 'reserve')

/** Keeps 64 MB of the disk for the moment it is full: freed then, they let the project be saved and the run pause in
 *  good order.
 *  @returns false when the disk has no room for it
 *  @throws io_failed, not_found */
export async function keepReserve(folder: string): Promise<boolean> {
  const path = reserveFile(folder)
  if ((await stat(path).catch(() => null))?.size === reserveBytes) return true
  try {
    // Random bytes, because a file system that compresses or skips zeros would reserve nothing.
    await publish(path, (temporary) => writeFile(temporary, randomFillSync(new Uint8Array(reserveBytes))))
    return true
  } catch (thrown) {
    const fault = asLoamError(thrown)
    if (fault.code === 'disk_full') return false
    throw fault
  }
}

/** Gives the reserve back to the disk; harmless when there is none. */
export async function freeReserve(folder: string): Promise<void> {
  await rm(reserveFile(folder), { force: true })
}
