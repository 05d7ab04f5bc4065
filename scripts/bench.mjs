// npm run bench: runs every test/bench/*.ts that exports `bench`, prints one table. Arguments choose by file name.
import { readdirSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { orSayWhy, setUp } from './setup.mjs'
import { outFolder, root } from './setup/places.mjs'
import { secondsSince } from './setup/progress.mjs'

await orSayWhy(() => setUp())
const chosen = process.argv.slice(2)
const names = readdirSync(`${root}/test/bench`)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => basename(file, '.ts'))
const selected = names.filter((name) => chosen.length === 0 || chosen.some((text) => name.includes(text)))
if (selected.length === 0) {
  console.error(`No bench is called ${chosen.join(' or ')}. There are ${names.join(', ')}.`)
  process.exit(64)
}

/** In the bundle each module still knows where its source lies, and finds files relative to that. */
const sourceUrls = {
  name: 'source-urls',
  transform: (code, id) => code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)),
}
const { build } = await import('vite')
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  plugins: [sourceUrls],
  build: {
    ssr: true,
    target: 'node20',
    outDir: `${outFolder}/bench`,
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      input: Object.fromEntries(selected.map((name) => [name, `${root}/test/bench/${name}.ts`])),
      output: { entryFileNames: '[name].js' },
    },
  },
})

const rows = []
let faults = 0
for (const name of selected) {
  const { bench } = await import(pathToFileURL(`${outFolder}/bench/${name}.js`).href)
  if (typeof bench !== 'function') continue
  const start = performance.now()
  console.error(`  … ${name}`)
  try {
    for (const row of await bench()) rows.push({ bench: name, ...row })
    console.error(`  ✓ ${name}: ${secondsSince(start)}`)
  } catch (fault) {
    faults++
    console.error(`  ✗ ${name}: ${fault.stack}`)
  }
}
const columns = ['bench', 'figure', 'loam', 'peer', 'ratio', 'note'].filter((column) => rows.some((row) => row[column]))
const longest = 72
const widths = columns.map((column) =>
  Math.min(longest, Math.max(column.length, ...rows.map((row) => String(row[column] ?? '').length))),
)
const line = (cells) =>
  cells
    .map((cell, i) => String(cell ?? '').padEnd(widths[i]))
    .join('  ')
    .trimEnd()
console.log(line(columns))
console.log(line(widths.map((width) => '─'.repeat(width))))
for (const row of rows) console.log(line(columns.map((column) => row[column])))
mkdirSync(outFolder, { recursive: true })
writeFileSync(`${outFolder}/bench.json`, JSON.stringify(rows, null, 1))
process.exit(faults > 0 ? 1 : 0)
