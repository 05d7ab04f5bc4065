import { readFile, realpath } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'
import { Refusal } from './refusals.ts'

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}

/** A file of the built page. An address of the page itself (`/runs?day=…`) is the page.
 *  @param pathname as the address has it, still encoded
 *  @throws 404 */
export async function staticPage(folder: string, pathname: string): Promise<Response> {
  const name = decoded(pathname)
  const isAddress = extname(name) === ''
  const path = await fileInside(folder, isAddress ? 'index.html' : name.slice(1))
  const type = path ? contentTypes[extname(path)] : undefined
  if (!path || !type) throw new Refusal(404, 'not_found', `The page has no ${name}.`)
  const headers: Record<string, string> = { 'content-type': type }
  // Names in assets/ hold a hash of the content.
  if (name.startsWith('/assets/')) headers['cache-control'] = 'private, max-age=31536000, immutable'
  return new Response(new Uint8Array(await readFile(path)), { headers })
}

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    throw new Refusal(400, 'bad_input', 'The address is not well formed.')
  }
}

/** The real path of a file, symbolic links followed; null when it is not below the folder. */
export async function fileInside(folder: string, name: string): Promise<string | null> {
  if (name.includes('\0')) return null
  const root = await realpath(folder).catch(() => null)
  if (!root) return null
  const asked = resolve(join(root, name))
  const path = await realpath(asked).catch(() => null)
  return path && path.startsWith(root.endsWith(sep) ? root : root + sep) ? path : null
}
