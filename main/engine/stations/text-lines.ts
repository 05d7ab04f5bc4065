import { LoamError } from '../../contract/index.ts'

/** A file without line ends is not read into memory whole. */
const longestLine = 1024 * 1024

/** Calls `onLine` for every line of a text that comes in pieces, whatever ends its lines: LF, CRLF, or the CR alone that
 *  old ISMN files have. Empty lines are left out. Memory: one piece and one line.
 *  @param onLine gets the line and its number, counted from 1 with the empty ones
 *  @throws bad_table: a line longer than a megabyte */
export async function eachLine(
  pieces: AsyncIterable<string>,
  onLine: (line: string, number: number) => void,
): Promise<void> {
  let rest = ''
  let number = 0
  let endsInReturn = false
  for await (const piece of pieces) {
    // The LF of a CRLF that was cut between two pieces.
    const text = rest + (endsInReturn && piece.startsWith('\n') ? piece.slice(1) : piece)
    if (piece !== '') endsInReturn = piece.endsWith('\r')
    const lines = text.split(/\r\n|\n|\r/)
    rest = lines.pop()!
    for (const line of lines) {
      number++
      if (line.trim() !== '') onLine(line, number)
    }
    if (rest.length > longestLine)
      throw new LoamError(
        'bad_table',
        `Line ${number + 1} is longer than a megabyte: this is no table of observations.`,
        {
          line: number + 1,
        },
      )
  }
  if (rest.trim() !== '') onLine(rest, number + 1)
}
