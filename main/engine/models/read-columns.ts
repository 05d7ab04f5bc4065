import { cellNumber, findColumns } from './read-table.ts'
import type { openTable } from './read-table.ts'

/** Numeric columns of a table, and columns of words, whole rows only.
 *  @returns columns: one Float64Array[rows] per name; words: one array of texts per name of `wordNames`; excluded: rows that
 *  lack a value or a word
 *  @throws bad_table, missing_predictor, cancelled */
export async function readColumns(
  table: Awaited<ReturnType<typeof openTable>>,
  path: string,
  names: readonly string[],
  wordNames: readonly string[] = [],
): Promise<{ columns: Float64Array[]; words: string[][]; excluded: number }> {
  const places = findColumns(table, path, names)
  const wordPlaces = findColumns(table, path, wordNames)
  const words: string[][] = wordNames.map(() => [])
  let capacity = 65_536
  let columns = places.map(() => new Float64Array(capacity))
  let count = 0
  let excluded = 0
  for await (const { cells, line } of table.rows) {
    if (count === capacity) {
      capacity *= 2
      columns = columns.map((column) => {
        const larger = new Float64Array(capacity)
        larger.set(column)
        return larger
      })
    }
    let isWhole = true
    for (let c = 0; c < places.length; c++) {
      const value = cellNumber(cells[places[c]], table, path, line, places[c])
      columns[c][count] = value
      // As float32, which a predictor becomes, a number of 1e39 is infinite and of no use.
      isWhole &&= Number.isFinite(Math.fround(value))
    }
    isWhole &&= wordPlaces.every((place) => cells[place] !== '')
    if (!isWhole) {
      excluded++
      continue
    }
    for (const [w, place] of wordPlaces.entries()) words[w].push(cells[place])
    count++
  }
  return { columns: columns.map((column) => column.slice(0, count)), words, excluded }
}
