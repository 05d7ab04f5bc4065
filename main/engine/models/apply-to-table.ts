import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { availableParallelism } from 'node:os'
import { finished } from 'node:stream/promises'
import { LoamError } from '../../contract/index.ts'
import { publish, requireOutputPlace } from '../files/index.ts'
import { readModelFile } from './model-file.ts'
import { cellNumber, findColumns, openTable } from './read-table.ts'

export interface ApplyToTableOptions {
  readonly modelPath: string
  readonly tablePath: string
  readonly out: string
  readonly threads?: number
  readonly signal?: AbortSignal
}

export interface AppliedToTable {
  readonly rows: number
  /** Rows with a prediction; the others lack a predictor. */
  readonly predicted: number
}

/** Rows held in memory at once. */
const batchRows = 65_536

/** Writes a copy of a table with a last column `prediction`, empty where the row lacks a predictor.
 *  @throws not_found, bad_model, bad_table, missing_predictor, name_taken, disk_full, cancelled */
export async function applyToTable(options: ApplyToTableOptions): Promise<AppliedToTable> {
  const { tablePath, signal } = options
  await requireOutputPlace(options.out, [tablePath, options.modelPath])
  const threads = options.threads ?? availableParallelism()
  const model = await readModelFile(options.modelPath)
  const table = await openTable(tablePath, signal)
  const places = findColumns(table, tablePath, model.predictors)
  if (table.columns.includes('prediction'))
    throw new LoamError('name_taken', `${tablePath} has a column "prediction" already. Rename it first.`, {
      file: tablePath,
    })
  const toLine = (cells: readonly string[]): string =>
    cells.map((cell) => quoted(cell, table.separator)).join(table.separator)

  let rows = 0
  let predicted = 0
  await publish(options.out, async (temporary) => {
    const file = createWriteStream(temporary)
    const ended = finished(file)
    ended.catch(() => undefined) // Met below, at the next write or at the end.
    const write = async (text: string): Promise<void> => {
      if (!file.write(text)) await Promise.race([once(file, 'drain'), ended])
    }
    let batch: string[][] = []
    const columns = places.map(() => new Float32Array(batchRows))
    const flush = async (): Promise<void> => {
      const n = batch.length
      const values = await model.predict(
        columns.map((column) => column.slice(0, n)),
        n,
        threads,
        { signal },
      )
      await write(batch.map((cells, i) => toLine([...cells, shortest(values[i])]) + '\n').join(''))
      rows += n
      for (const value of values) if (!Number.isNaN(value)) predicted++
      batch = []
    }
    try {
      await write(toLine([...table.columns, 'prediction']) + '\n')
      for await (const { cells, line } of table.rows) {
        places.forEach(
          (place, p) => (columns[p][batch.length] = cellNumber(cells[place], table, tablePath, line, place)),
        )
        batch.push(cells)
        if (batch.length === batchRows) await flush()
      }
      if (batch.length > 0) await flush()
      file.end()
      await ended
    } catch (thrown) {
      file.destroy()
      throw thrown
    }
  })
  return { rows, predicted }
}

/** Nine digits name every float32; NaN is an empty cell. */
function shortest(value: number): string {
  return Number.isNaN(value) ? '' : String(Number(value.toPrecision(9)))
}

function quoted(cell: string, separator: string): string {
  return cell.includes(separator) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
