import { spawn } from 'node:child_process'
import { root } from '../setup/places.mjs'

/** `loam serve`, and a fresh start address for each window. */
export function serve(args, configFolder) {
  const child = spawn(process.execPath, [`${root}/scripts/loam.mjs`, 'serve', ...args, '--no-open', '--json'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, XDG_CONFIG_HOME: configFolder },
  })
  const waiting = []
  const told = []
  let rest = ''
  child.stdout.on('data', (text) => {
    rest += text
    for (const match of rest.matchAll(/"address":\s*"([^"]+)"/g)) {
      const next = waiting.shift()
      if (next) next(match[1])
      else told.push(match[1])
    }
    rest = rest.slice(rest.lastIndexOf('}') + 1)
  })
  const next = () => (told.length > 0 ? Promise.resolve(told.shift()) : new Promise((resolve) => waiting.push(resolve)))
  let isFirst = true
  return {
    address() {
      if (!isFirst) child.stdin.write('\n')
      isFirst = false
      return next()
    },
    /** The project is closed when this is done. */
    stop: () =>
      new Promise((resolve) => {
        child.once('close', resolve)
        child.kill('SIGTERM')
      }),
  }
}
