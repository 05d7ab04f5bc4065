import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** Who may use the server. A start token travels in the address that opens the page, is good for one exchange, and gives a
 *  session that lives in an HttpOnly cookie. The desktop's pipe uses a bearer token that never leaves its two processes. */
export class Sessions {
  readonly #starts = new Set<string>()
  readonly #sessions: Buffer[] = []
  readonly #bearer: Buffer | null

  /** @param bearer null: only cookies count */
  constructor(bearer: string | null) {
    this.#bearer = bearer === null ? null : digest(bearer)
  }

  /** A token for one more start; 256 random bits. */
  newStartToken(): string {
    const token = newToken()
    this.#starts.add(digest(token).toString('hex'))
    return token
  }

  /** @returns the session for a start token, null when it is unknown or was used */
  exchange(startToken: string): string | null {
    // Looked up by its hash: how long a look-up takes tells nothing about the token.
    if (!this.#starts.delete(digest(startToken).toString('hex'))) return null
    const session = newToken()
    this.#sessions.push(digest(session))
    return session
  }

  isSession(given: string | undefined): boolean {
    if (!given) return false
    const found = digest(given)
    return this.#sessions.some((session) => timingSafeEqual(session, found))
  }

  /** @param header of `authorization` */
  isBearer(header: string | undefined): boolean {
    const given = /^Bearer (.+)$/.exec(header ?? '')?.[1]
    return this.#bearer !== null && given !== undefined && timingSafeEqual(this.#bearer, digest(given))
  }
}

export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
