import { LoamError } from '../../main/contract/index.ts'
import type { Endpoint, PathParams, Route } from '../../main/contract/index.ts'

/** What a call hands over; only what its row asks for. */
export type CallInput<R extends Route, Query, Body> = {
  readonly signal?: AbortSignal
  /** The raw body of a row whose body is a stream. */
  readonly stream?: Blob
  /** Called with the answer's headers before its body is read. */
  readonly onHeaders?: (headers: Headers) => void
} & (keyof PathParams<R> extends never ? object : { readonly params: PathParams<R> }) &
  (Query extends undefined ? object : { readonly query: Query }) &
  (Body extends undefined ? object : { readonly body: Body })

interface LooseInput {
  readonly params?: Record<string, string>
  readonly query?: Record<string, unknown>
  readonly body?: unknown
  readonly stream?: Blob
  readonly onHeaders?: (headers: Headers) => void
  readonly signal?: AbortSignal
}

/** The address of a row with its parameters and query filled in. */
export function addressOf(route: Route, { params = {}, query = {} }: LooseInput): string {
  const path = route
    .slice(route.indexOf(' ') + 1)
    .replace(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return `/api${path}${search.size > 0 ? `?${search}` : ''}`
}

/** Asks the engine.
 *  @throws LoamError: the engine's own, or `io_failed` when the engine cannot be reached */
export async function call<R extends Route, Query, Body, Reply>(
  { route, body: kind, reply }: Endpoint<R, Query, Body, Reply>,
  input: CallInput<R, Query, Body>,
): Promise<Reply> {
  const { body, stream, signal, onHeaders, ...place } = input as LooseInput
  let response: Response
  try {
    const isStream = kind === 'stream'
    response = await fetch(addressOf(route, place), {
      method: route.slice(0, route.indexOf(' ')),
      signal,
      ...(kind === null ? {} : { body: isStream ? stream : JSON.stringify(body) }),
      ...(kind === null || isStream ? {} : { headers: { 'content-type': 'application/json' } }),
    })
  } catch (thrown) {
    if (signal?.aborted) throw new LoamError('cancelled', 'Stopped on request.')
    throw new LoamError(
      'io_failed',
      'The engine does not answer. It is started again by itself; if this stays, close Loam and open it anew. Nothing you made is lost.',
      { cause: String(thrown) },
    )
  }
  if (!response.ok) throw await faultOf(response)
  onHeaders?.(response.headers)
  if (reply.kind === 'binary') return (await response.arrayBuffer()) as Reply
  const text = await response.text()
  return (text === '' ? undefined : JSON.parse(text)) as Reply
}

async function faultOf(response: Response): Promise<LoamError> {
  const text = await response.text()
  try {
    return LoamError.fromJSON(JSON.parse(text) as { code: string; message: string })
  } catch {
    return new LoamError('internal', `The engine answered ${response.status}: ${text.slice(0, 300)}`)
  }
}
