import { createWriteStream, mkdirSync, readFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { delimiter, dirname } from 'node:path'
import { root, outFolder } from './places.mjs'

/** A step that could not be done; `remedy` is what the person at the keyboard should do. */
export class SetupError extends Error {
  constructor(message, remedy = '', log = '') {
    super(message)
    this.remedy = remedy
    this.log = log
  }
}

/** All progress goes to stderr, so that the output of a command stays clean. */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

export function secondsSince(startMs) {
  return `${((performance.now() - startMs) / 1000).toFixed(1)} s`
}

/** Does `work` between a line that says what begins and a line that says how long it took; while it lasts, a line
 *  every 20 s shows that it is alive. `usually` is an honest hint, such as "about 70 s on 2 cores". */
export async function step(title, usually, work) {
  const start = performance.now()
  say(`  … ${title}${usually ? ` (${usually})` : ''}`)
  const alive = setInterval(() => say(`  … ${title}: ${secondsSince(start)} so far`), 20_000)
  try {
    const result = await work()
    say(`  ✓ ${title}: ${secondsSince(start)}`)
    return result
  } finally {
    clearInterval(alive)
  }
}

/** Runs a program with its output in a log file.
 *  @returns the exit status; 124 when it ran past `timeoutMs` and was ended
 *  @throws SetupError with the last 30 lines of the log, unless `mayFail` */
export async function execute(name, program, args, options = {}) {
  const { cwd = root, env = childEnvironment(), timeoutMs = 0, mayFail = false, remedy = '' } = options
  mkdirSync(`${outFolder}/logs`, { recursive: true })
  const logPath = `${outFolder}/logs/${name}.log`
  const log = createWriteStream(logPath)
  const status = await new Promise((resolve, reject) => {
    // Its own process group, so that a compiler started by it ends with it.
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const end = (signal) => {
      try {
        process.kill(-child.pid, signal)
      } catch {
        // It ended by itself just now.
      }
    }
    const onInterrupt = () => {
      end('SIGTERM')
      process.exit(130)
    }
    process.once('SIGINT', onInterrupt)
    process.once('SIGTERM', onInterrupt)
    let timedOut = false
    const onTimeout = () => {
      timedOut = true
      end('SIGKILL')
    }
    const timer = timeoutMs ? setTimeout(onTimeout, timeoutMs) : null
    child.stdout.pipe(log, { end: false })
    child.stderr.pipe(log, { end: false })
    child.once('error', (fault) => {
      if (timer) clearTimeout(timer)
      reject(new SetupError(`${program} cannot be started: ${fault.message}`, remedy))
    })
    child.once('close', (code) => {
      if (timer) clearTimeout(timer)
      process.off('SIGINT', onInterrupt)
      process.off('SIGTERM', onInterrupt)
      resolve(timedOut ? 124 : (code ?? 1))
    })
  })
  await new Promise((resolve) => log.end(resolve))
  if (status !== 0 && !mayFail) {
    const tail = stripVTControlCharacters(readFileSync(logPath, 'utf8')).trimEnd().split('\n').slice(-30).join('\n')
    throw new SetupError(`${name} failed (status ${status}); whole log: ${logPath}`, remedy, tail)
  }
  return status
}

/** The environment for builds: everything in it means the Node that runs now, whatever npm's exported settings or
 *  the order of PATH would choose. */
export function childEnvironment(extra = {}) {
  const env = { ...process.env, ...extra }
  env.PATH = `${dirname(process.execPath)}${delimiter}${env.PATH ?? ''}`
  delete env.npm_config_nodedir
  delete env.NODE_OPTIONS
  delete env.FORCE_COLOR
  env.NO_COLOR = '1'
  return env
}
