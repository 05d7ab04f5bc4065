import { Refusal } from './refusals.ts'
import type { Sessions } from './session.ts'

/** Where the server can be reached, known once it listens. */
export interface Reach {
  /** Exact values of the Host header that are answered. */
  readonly hosts: readonly string[]
  /** Name of the session cookie. Browsers share cookies between ports, so the port is in it. */
  readonly cookie: string
}

/** Judges a request by its headers alone.
 *  @throws 421 for another host: a name that was made to point at this machine (DNS rebinding); 403 when another page asks */
export function requireOwnPage(request: Request, { hosts }: Reach, sessions: Sessions): void {
  const header = (name: string): string | null => request.headers.get(name)
  const host = header('host')
  if (host === null || !hosts.includes(host))
    throw new Refusal(
      421,
      'not_allowed',
      `This server answers for ${hosts.join(' and ')} only. Use the address it told.`,
    )
  const site = header('sec-fetch-site')
  if (site !== null && site !== 'same-origin' && site !== 'none')
    throw new Refusal(403, 'not_allowed', 'Another page asked. Only the workspace itself may.')
  const origin = header('origin')
  if (origin === null) {
    const isReading = request.method === 'GET' || request.method === 'HEAD'
    if (isReading || sessions.isBearer(header('authorization') ?? undefined)) return
    throw new Refusal(
      403,
      'not_allowed',
      'A change has to come from the workspace page, and the request names no origin.',
    )
  }
  if (origin !== `http://${host}`)
    throw new Refusal(403, 'not_allowed', `A page of ${origin} asked. Only the workspace itself may.`)
}

/** @throws 401 without a session */
export function requireSession(request: Request, { cookie }: Reach, sessions: Sessions): void {
  if (sessions.isBearer(request.headers.get('authorization') ?? undefined)) return
  if (sessions.isSession(cookieOf(request.headers.get('cookie') ?? '', cookie))) return
  throw new Refusal(
    401,
    'not_allowed',
    'This browser has no session with Loam. Open the address Loam printed; each is good for one browser. Press Enter where Loam runs for a new one.',
  )
}

function cookieOf(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const [key, ...value] = pair.trim().split('=')
    if (key === name) return value.join('=')
  }
  return undefined
}
