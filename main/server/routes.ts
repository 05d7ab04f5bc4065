import type { BodyOf, ParamsOf, QueryOf, ReplyOf } from '../contract/index.ts'
import type { ServerContext } from './server-context.ts'

/** What a handler is given: everything checked by the row's schemas. */
export interface Input<E> {
  readonly params: ParamsOf<E>
  readonly query: QueryOf<E>
  readonly body: BodyOf<E>
  /** The raw body of a row whose body is `'stream'`; else null. */
  readonly stream: ReadableStream<Uint8Array> | null
  /** Number of the last event the page saw; null when it saw none. */
  readonly lastEventId: number | null
  /** Of the answers the page has kept (`if-none-match`), as they were sent. */
  readonly etags: readonly string[]
  /** Aborted when nobody waits for the answer any more, and when the server closes. */
  readonly signal: AbortSignal
}

/** Body of a binary answer. */
export type Bytes = Uint8Array<ArrayBuffer> | ArrayBuffer | ReadableStream<Uint8Array>

/** A binary answer that is more than its bytes. */
export class BinaryReply {
  readonly body: Bytes
  readonly headers: Readonly<Record<string, string>>
  /** 304: what the page has kept is what it would get; there is no body. */
  readonly status: 200 | 304

  /** @param headers such as content-type and cache-control; default octet-stream, not stored */
  constructor(body: Bytes, headers: Readonly<Record<string, string>>, status: 200 | 304 = 200) {
    this.body = body
    this.headers = headers
    this.status = status
  }

  static notModified(headers: Readonly<Record<string, string>>): BinaryReply {
    return new BinaryReply(new Uint8Array(), headers, 304)
  }
}

/** One event of a stream; `id` lets a page go on after it. */
export interface StreamedEvent<T> {
  readonly id: number
  readonly data: T
}

/** What a handler answers with: a binary row bytes, an events row a stream of events, else plain JSON. */
export type Answer<Reply> = [Reply] extends [ArrayBuffer]
  ? Bytes | BinaryReply
  : Reply | AsyncIterable<StreamedEvent<Reply>>

export type Handler<E> = (input: Input<E>, context: ServerContext) => Answer<ReplyOf<E>> | Promise<Answer<ReplyOf<E>>>

/** The handlers of a table of endpoints: one for each row, typed by it. */
export type Routes<Table> = { readonly [Name in keyof Table]: Handler<Table[Name]> }
