import { z } from 'zod'
import type { ErrorCode } from './errors.ts'

/** What an endpoint answers with. The type of a JSON answer is carried along; it is not checked at run time, because it comes
 *  from the engine, which is trusted. What comes in is always checked. */
export type ReplyKind<T> =
  | { readonly kind: 'json'; readonly type?: T }
  /** Bytes whose layout the endpoint's comment tells. */
  | { readonly kind: 'binary'; readonly type?: T }
  /** Server-sent events; each `data:` is JSON of this type. */
  | { readonly kind: 'events'; readonly type?: T }

export const json = <T>(): ReplyKind<T> => ({ kind: 'json' })
export const binary: ReplyKind<ArrayBuffer> = { kind: 'binary' }
export const events = <T>(): ReplyKind<T> => ({ kind: 'events' })

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
/** `GET /runs/:run`; every `:name` is a path parameter, handed over decoded. */
export type Route = `${Method} /${string}`

type ParamNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never
export type PathParams<R extends Route> = Record<ParamNames<R>, string>

export interface Endpoint<R extends Route, Query, Body, Reply> {
  readonly route: R
  /** Of the address's query; every value arrives as text, so numbers need `z.coerce`. */
  readonly query: z.ZodType<Query> | null
  /** Of the JSON body. `'stream'`: the raw body, for files. */
  readonly body: z.ZodType<Body> | 'stream' | null
  readonly reply: ReplyKind<Reply>
  /** Codes it can answer with besides `bad_input`, `internal` and `cancelled`. */
  readonly errors: readonly ErrorCode[]
}

interface EndpointOptions<Query, Body, Reply> {
  readonly query?: z.ZodType<Query>
  readonly body?: z.ZodType<Body> | 'stream'
  readonly reply: ReplyKind<Reply>
  readonly errors?: readonly ErrorCode[]
}

/** One row of the endpoint table. The server's routes and the typed client are made from the rows. */
export function endpoint<R extends Route, Reply, Query = undefined, Body = undefined>(
  route: R,
  { query, body, reply, errors: codes = [] }: EndpointOptions<Query, Body, Reply>,
): Endpoint<R, Query, Body, Reply> {
  return { route, query: query ?? null, body: body ?? null, reply, errors: codes }
}

/** Any row of the table. */
export type AnyEndpoint = Endpoint<Route, unknown, unknown, unknown>
export type ReplyOf<E> = E extends Endpoint<Route, infer _Q, infer _B, infer Reply> ? Reply : never
export type QueryOf<E> = E extends Endpoint<Route, infer Query, infer _B, infer _R> ? Query : never
export type BodyOf<E> = E extends Endpoint<Route, infer _Q, infer Body, infer _R> ? Body : never
export type ParamsOf<E> = E extends Endpoint<infer R, infer _Q, infer _B, infer _R> ? PathParams<R> : never
