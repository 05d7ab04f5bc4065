// npm test: sets up what is missing, then checks everything; the last line counts the tests.
// With arguments (npm test -- test/engine/raster) only those tests run, through vitest.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { orSayWhy, setUp } from './setup.mjs'
import { modules, outFolder, root } from './setup/places.mjs'
import { secondsSince } from './setup/progress.mjs'

const nativeTests = `${root}/scripts/test-native.sh`
const node = process.execPath
const checks = [
  { name: 'types', command: [node, `${modules}/typescript/bin/tsc`, '-p', '.'] },
  { name: 'types of the page', command: [node, `${modules}/typescript/bin/tsc`, '-p', 'renderer'] },
  { name: 'lint', command: [node, `${modules}/oxlint/bin/oxlint`] },
  { name: 'imports', command: [node, 'scripts/lint-imports.mjs'] },
  { name: 'format', command: [node, `${modules}/prettier/bin/prettier.cjs`, '--check', '--log-level', 'warn', '.'] },
  { name: 'kernels with sanitizers', command: ['bash', nativeTests] },
]

const args = process.argv.slice(2)
const whole = args.length === 0
const start = performance.now()
await orSayWhy(() => setUp({ programs: whole ? ['cmake', 'make', 'g++', 'chromium'] : [] }))

const failedChecks = []
if (whole) {
  for (const { name, command } of checks) {
    const begin = performance.now()
    console.log(`\n── ${name}`)
    const { status } = spawnSync(command[0], command.slice(1), { cwd: root, stdio: 'inherit' })
    console.log(`${status === 0 ? '✓' : '✗'} ${name}: ${secondsSince(begin)}`)
    if (status !== 0) failedChecks.push(name)
  }
}

console.log('\n── tests')
const resultPath = `${outFolder}/test-results.json`
mkdirSync(outFolder, { recursive: true })
rmSync(resultPath, { force: true })
const vitest = [
  `${modules}/vitest/vitest.mjs`,
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${resultPath}`,
]
const { status } = spawnSync(node, [...vitest, ...args], { cwd: root, stdio: 'inherit' })
const counts = count(resultPath)
if (status !== 0 && counts.failed === 0) failedChecks.push(`vitest (status ${status})`)

console.log(
  `\nin ${secondsSince(start)}${failedChecks.length > 0 ? `; checks failed: ${failedChecks.join(', ')}` : ''}`,
)
console.log(`${counts.passed} passed, ${counts.failed + failedChecks.length} failed, ${counts.skipped} skipped`)
process.exit(status !== 0 || failedChecks.length > 0 ? 1 : 0)

/** Sums vitest's JSON. A file that could not even be loaded counts as one failure. */
function count(path) {
  const sums = { passed: 0, failed: 0, skipped: 0 }
  if (!existsSync(path)) return sums
  for (const file of JSON.parse(readFileSync(path, 'utf8')).testResults) {
    if (file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed')) sums.failed++
    for (const test of file.assertionResults) {
      if (test.status === 'passed') sums.passed++
      else if (test.status === 'failed') sums.failed++
      else sums.skipped++
    }
  }
  return sums
}
