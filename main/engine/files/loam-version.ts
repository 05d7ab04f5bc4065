import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from './child-entry.ts'

let version: string | undefined

/** This Loam's version, as recorded in what it writes. */
export function loamVersion(): string {
  version ??= (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version
  return version
}
