// npm start [-- PROJECT]: opens Loam. With an Electron binary, there or downloadable, the desktop window; else one line that says
// why, then the same workspace in the default browser. `--browser` asks for the browser, `--desktop` for nothing else.
import { spawn } from 'node:child_process'
import { isAbsolute, resolve } from 'node:path'
import { orSayWhy, setUp } from './setup.mjs'
import { findElectron } from './setup/electron.mjs'
import { bundleFolder, root } from './setup/places.mjs'
import { say } from './setup/progress.mjs'

const from = process.env.INIT_CWD ?? process.cwd()
const isSwitch = (argument) => argument.startsWith('-')
const wishes = process.argv.slice(2).filter((argument) => argument === '--browser' || argument === '--desktop')
const given = process.argv
  .slice(2)
  .filter((argument) => !wishes.includes(argument))
  .map((argument) => (isSwitch(argument) || isAbsolute(argument) ? argument : resolve(from, argument)))

await orSayWhy(() => setUp())
const { program, why } = wishes.includes('--browser') ? { program: null, why: '' } : await findElectron()
if (program) {
  // The engine runs in the Node that runs this, for which its parts were built.
  const env = { ...process.env, LOAM_NODE: process.execPath }
  delete env.ELECTRON_RUN_AS_NODE
  const child = spawn(program, [root, ...given], { env, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.once('error', (fault) => {
    say(`Electron does not start: ${fault.message}. \`npm start -- --browser\` opens the workspace in the browser.`)
    process.exit(1)
  })
  child.once('exit', (code) => process.exit(code ?? 1))
} else if (wishes.includes('--desktop')) {
  say(why)
  process.exit(1)
} else {
  say(`${why} Opening the workspace in the browser.`.trimStart())
  process.setSourceMapsEnabled(true)
  process.argv.splice(1, process.argv.length, `${bundleFolder}/cli.js`, 'serve', ...given)
  await import(`${bundleFolder}/cli.js`)
}
