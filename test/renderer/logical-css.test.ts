import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../../main/engine/files/index.ts'

/** Left and right that a line of text from right to left would have to turn around. */
const physical =
  /^\s*((margin|padding|border)-(left|right)(-\w+)?|left|right|text-align:\s*(left|right)|float|(padding|margin):\s*\S+ (\S+) \S+ (?!\7;)\S+;)/

test('the page is laid out along the line of text, not by left and right', () => {
  const folder = join(packageRoot(), 'renderer')
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    // A map is the same in every script.
    .filter((file) => file.endsWith('.css') && !/^map[\\/]/.test(file))
    .flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .flatMap((line, i) => (physical.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
    )
  expect(found).toEqual([])
})
