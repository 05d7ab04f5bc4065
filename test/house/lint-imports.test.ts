import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'

const script = fileURLToPath(new URL('../../scripts/lint-imports.mjs', import.meta.url))

const table = `
| room | holds | only user of |
|---|---|---|
| \`main/cli/\` | commands | commander |
| \`main/engine/engine.ts\` | wires the rooms | |
| \`main/engine/models/\` | learners | \`main/native\` |
| \`main/engine/project/\` | the file | better-sqlite3, @scope/one |
| \`main/engine/raster/\` | grids | gdal-async |
| \`main/contract/\` | types | zod |
| \`main/native/\` | C++ | the binary |
`

/** Runs the lint over a repository of these files.
 *  @returns its exit code and lines */
function lint(files: Record<string, string>): { code: number | null; lines: string[] } {
  const root = temporaryFolder()
  for (const [path, text] of Object.entries({ 'docs/architecture.md': table, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, root], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return { code: status, lines: stdout.split('\n').filter(Boolean) }
}

test('imports that keep the rules pass', () => {
  const good = {
    'main/cli/index.ts': `
      import { Command } from 'commander'
      import { openEngine } from '../engine/engine.ts'
      import type { Grid } from '../contract/index.ts'
      import { run } from './commands/run.ts'`,
    'main/cli/commands/run.ts': `export type { Command } from '../index.ts'; import '../../engine/raster/index.ts'`,
    'main/engine/engine.ts': `export * from './models/index.ts'; import { join } from 'node:path'`,
    'main/engine/models/index.ts': `export { forest } from './forest.ts'`,
    'main/engine/models/forest.ts': `
      // import gdal from 'gdal-async'
      const text = "import x from 'gdal-async'"
      import { kernel } from '../../native/index.ts'`,
    'main/engine/project/index.ts': `
      import Database from 'better-sqlite3'
      import { one } from '@scope/one/deep'
      import manifest from '../../../package.json' with { type: 'json' }`,
    'main/engine/raster/index.ts': `const gdal = await import('gdal-async')`,
    'main/contract/index.ts': `import { z } from 'zod'; export * from './day.ts'`,
    'main/contract/day.ts': `export {}`,
    'main/native/index.ts': `import { createRequire } from 'node:module'
      createRequire(import.meta.url)('./build/Release/loam.node')`,
    'main/native/build/x.js': `import 'gdal-async'`,
    'preload/index.ts': `import { contextBridge } from 'electron'; import type { Day } from '../main/contract/index.ts'`,
    'renderer/map/App.tsx': `import React from 'react'; export const App = () => <p>{'x'}</p>`,
  }
  expect(lint(good)).toEqual({ code: 0, lines: [] })
})

const offences: [string, string, string][] = [
  [
    'main/engine/raster/a.ts',
    `import '../project/index.ts'`,
    'is in main/engine/project/, which docs/architecture.md lists above main/engine/raster/',
  ],
  ['main/engine/raster/a.ts', `import type { E } from '../engine.ts'`, 'is in main/engine/engine.ts, which'],
  [
    'main/engine/models/a.ts',
    `export * from '../raster/grid.ts'`,
    'goes past the door of main/engine/raster/; use its index.ts',
  ],
  ['main/engine/models/a.ts', `type T = import('../raster/grid.ts').Grid`, 'goes past the door of main/engine/raster/'],
  ['main/engine/models/a.ts', `import gdal from 'gdal-async'`, 'may be used by main/engine/raster/ only'],
  ['main/engine/models/a.ts', `await import('better-sqlite3')`, 'may be used by main/engine/project/ only'],
  ['main/engine/models/a.ts', `require('gdal-async/lib/gdal.js')`, 'may be used by main/engine/raster/ only'],
  ['main/engine/models/a.ts', `require.resolve('@scope/one')`, 'may be used by main/engine/project/ only'],
  ['main/engine/models/a.ts', `import x from 'left-pad'`, 'belongs to no room of docs/architecture.md'],
  [
    'main/engine/models/a.ts',
    'const path = `${folder}/loam.node`',
    'is a native binary, which main/native/ loads only',
  ],
  [
    'main/engine/project/a.ts',
    `import { kernel } from '../../native/index.ts'`,
    'may be used by main/engine/models/ only',
  ],
  ['main/engine/project/a.ts', `import '../../../test/shared-data.ts'`, 'is in no room of docs/architecture.md'],
  ['main/contract/a.ts', `import { join } from 'node:path'`, 'may not be used here: main/contract/ is pure data'],
  ['main/contract/a.ts', `import '../native/index.ts'`, 'may not be used here: main/contract/ uses no other room'],
  ['main/contract/a.ts', `import c from 'commander'`, 'may be used by main/cli/ only'],
  ['main/native/index.ts', `import '../contract/index.ts'`, 'may not be used here: main/native/ uses no other room'],
  ['preload/a.ts', `import '../main/engine/engine.ts'`, 'may not be used here: preload/ uses main/contract/'],
  [
    'renderer/a.tsx',
    `import type { R } from '../main/engine/raster/index.ts'`,
    'may not be used here: renderer/ uses main/contract/',
  ],
  ['main/desktop/a.ts', `import '../engine/engine.ts'`, 'may not be used here: main/desktop/ uses main/contract/'],
]

test('each broken rule is told with its place', () => {
  const files: Record<string, string> = {}
  const expected: string[] = []
  offences.forEach(([file, text, fault], i) => {
    const path = file === 'main/native/index.ts' ? file : file.replace('a.ts', `a${i}.ts`)
    files[path] = `\n\n${text}\n`
    const name = /'([^']+)'|\}(\/\w+\.node)/.exec(text)!
    expected.push(`${path}:3: "${name[1] ?? name[2]}" ${fault}`)
  })
  files['main/server/a.ts'] = ''
  const { code, lines } = lint(files)
  expect(code).toBe(1)
  for (const start of expected) expect(lines.filter((line) => line.startsWith(start))).toHaveLength(1)
  expect(lines.filter((line) => line.startsWith('main/server/a.ts:1: is in no room'))).toHaveLength(1)
  expect(lines).toHaveLength(offences.length + 1)
})
