import { chmodSync, mkdtempSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Longest path of a Unix socket on any system (macOS: 104 bytes with the closing zero). */
const longestSocketPath = 103

/** Makes names for pipes that only this user reaches: sockets in a folder of mode 0700, on Windows named pipes with a random name
 *  (their default access is the user's). */
export function pipeNames(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
): { next(): string; folder: string | null } {
  const random = (): string => randomBytes(16).toString('hex')
  if (platform === 'win32') return { next: () => `\\\\.\\pipe\\loam-${random()}`, folder: null }
  const places = [env.XDG_RUNTIME_DIR, tmpdir(), '/tmp'].filter((place): place is string => Boolean(place))
  const nameLength = '/loam-xxxxxx/'.length + 32
  const fitting = places.find((place) => Buffer.byteLength(place) + nameLength <= longestSocketPath) ?? '/tmp'
  const folder = mkdtempSync(join(fitting, 'loam-'))
  chmodSync(folder, 0o700)
  return { next: () => join(folder, random()), folder }
}
