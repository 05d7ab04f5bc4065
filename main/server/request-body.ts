import type { z } from 'zod'
import { LoamError } from '../contract/index.ts'
import { Refusal } from './refusals.ts'

export const longestJsonBody = 8 * 2 ** 20

/** The JSON of a request, as its schema makes it.
 *  @throws 415, 413, bad_input */
export async function jsonBody<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new Refusal(415, 'bad_input', `The body is ${type || 'of no type'}; it has to be application/json.`)
  if (Number(request.headers.get('content-length') ?? 0) > longestJsonBody) throw tooLong()
  const chunks: Uint8Array[] = []
  let bytes = 0
  if (request.body)
    for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength
      if (bytes > longestJsonBody) throw tooLong()
      chunks.push(chunk)
    }
  let value: unknown
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch (thrown) {
    throw new LoamError('bad_input', `The body is not JSON (${(thrown as Error).message}).`)
  }
  return checked(schema, value, 'body')
}

/** @throws bad_input that names each fault and its place */
export function checked<T>(schema: z.ZodType<T>, value: unknown, what: 'body' | 'query'): T {
  const found = schema.safeParse(value)
  if (found.success) return found.data
  const issues = found.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  const text = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ')
  throw new LoamError('bad_input', `The request's ${what} does not fit: ${text}.`, { issues })
}

function tooLong(): Refusal {
  return new Refusal(
    413,
    'too_large',
    `The body is longer than ${longestJsonBody / 2 ** 20} MB. Upload files as files.`,
  )
}
