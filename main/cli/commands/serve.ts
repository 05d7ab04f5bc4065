import { userInfo } from 'node:os'
import { createInterface } from 'node:readline'
import { resolve } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import { configFolder, outliveStrayFaults, pageFolder, startServer } from '../../server/index.ts'
import type { CliCommand } from '../command.ts'
import { openBrowser, tunnelCommand } from '../open-browser.ts'

const highestPort = 65_535

export const serveCommand: CliCommand = {
  name: 'serve',
  summary: 'open the workspace in the browser, from a server that only this machine reaches',
  declare: (command) =>
    command
      .argument('[project]', 'opened at once; without it the page begins at its start place')
      .option('--port <n>', 'default a free one')
      .option('--no-open', 'only print the address'),
  async run([project], options, { output, signal }) {
    const port = portOf(options.port)
    outliveStrayFaults()
    const server = await startServer({
      listen: { host: '127.0.0.1', port },
      staticFolder: pageFolder(),
      configFolder: configFolder(),
      projectPath: project === undefined ? null : resolve(project),
    })
    try {
      const tellAddress = (address: string): void => output.result(`Loam: ${address}`, { address })
      const address = server.newStartAddress()!
      tellAddress(address)
      const connection = process.env.SSH_CONNECTION
      if (connection) {
        const line = tunnelCommand(connection, userInfo().username, Number(new URL(address).port))
        output.note(`Over SSH: run this on your own computer, then open the address there.\n  ${line}`)
      }
      output.note('The address opens one browser, once. Enter gives a new one, Ctrl-C ends.')
      if (options.open !== false && !(await openBrowser(address)) && !connection)
        output.note('No browser could be opened here: open the address yourself.')
      const lines = createInterface({ input: process.stdin })
      lines.on('line', () => tellAddress(server.newStartAddress()!))
      if (!signal.aborted) await new Promise((end) => signal.addEventListener('abort', end, { once: true }))
      lines.close()
    } finally {
      await server.close()
      // What is typed is waited for otherwise.
      process.stdin.unref?.()
    }
  },
}

function portOf(given: unknown): number {
  if (given === undefined) return 0
  const port = Number(given)
  if (Number.isInteger(port) && port >= 1 && port <= highestPort) return port
  throw new LoamError(
    'usage',
    `--port "${String(given)}" is no port; it needs a whole number from 1 to ${highestPort}.`,
  )
}
