import { LoamError, endpoints } from '../../main/contract/index.ts'
import { addressOf } from './client.ts'

/** Sends a file into the project's imports. XMLHttpRequest, because fetch does not tell how much was sent.
 *  @param onProgress bytes sent so far
 *  @returns the path it lies at now
 *  @throws LoamError: the engine's own; io_failed when it cannot be reached; cancelled */
export function uploadFile(
  file: Blob,
  query: { readonly batch: string; readonly path: string },
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (bytes: number) => void },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const stop = () => request.abort()
    request.open('POST', addressOf(endpoints.upload.route, { query }))
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded))
    request.addEventListener('load', () => {
      const answer = answerOf(request.responseText)
      if (request.status < 300 && 'path' in answer) resolve(answer.path)
      else reject(LoamError.fromJSON('code' in answer ? answer : { code: 'internal', message: request.responseText }))
    })
    request.addEventListener('error', () =>
      reject(new LoamError('io_failed', `${query.path} did not reach the engine. Drop it again.`)),
    )
    request.addEventListener('abort', () => reject(new LoamError('cancelled', 'Stopped on request.')))
    request.addEventListener('loadend', () => signal.removeEventListener('abort', stop))
    signal.addEventListener('abort', stop, { once: true })
    request.send(file)
  })
}

function answerOf(text: string): { path: string } | { code: string; message: string } {
  try {
    return JSON.parse(text) as { path: string }
  } catch {
    return { code: 'internal', message: `The engine answered: ${text.slice(0, 300)}` }
  }
}
