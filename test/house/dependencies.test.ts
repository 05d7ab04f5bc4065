import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('docs/dependencies.md has each package of package.json once in its tables, and no other', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, object>
  const told = readFileSync('docs/dependencies.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => line.split('|')[1].split(','))
    .map((cell) => cell.trim().replaceAll('`', ''))
  expect(told.sort()).toEqual([...Object.keys(dependencies), ...Object.keys(devDependencies)].sort())
})
