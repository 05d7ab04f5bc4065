import { Command, CommanderError } from 'commander'
import { LoamError, errorCodes } from '../contract/index.ts'
import { loamVersion } from '../engine/engine.ts'
import type { CliCommand } from './command.ts'
import { commands } from './commands/index.ts'
import { makeOutput, tellAsJson, tellFault } from './output.ts'

/** Words that only lead to other commands. */
const groups: Record<string, string> = { add: 'record rasters or stations in a project: add raster, add stations' }

/** The command line. Builds commander's tree from the command table, runs one command, ends with its exit code. */
async function main(): Promise<number> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(130)
      stop.abort(new LoamError('cancelled', 'Cancelled; what was finished is kept.'))
    })
  // `loam show p.loam | head` closes the pipe when it has seen enough.
  process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
    if (fault.code !== 'EPIPE') throw fault
    process.exit(0)
  })
  const isJson = process.argv.includes('--json')
  const program = new Command('loam')
    .description('Daily high-resolution soil-moisture maps from coarse products, stations and fine predictors.')
    .version(loamVersion())
    .exitOverride()
    .showHelpAfterError('(add --help to see what it takes)')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'loam: ')) })
  let code = 0
  for (const command of commands) attach(program, command, stop.signal, (failed) => (code = failed))
  try {
    await program.parseAsync(process.argv)
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) return tellFault(thrown, isJson)
    if (thrown.exitCode === 0) return 0
    // Commander has told it on stderr.
    if (isJson) tellAsJson(new LoamError('usage', usageText(thrown)))
    return errorCodes.usage
  }
  return code
}

function usageText({ code, message }: CommanderError): string {
  if (code.startsWith('commander.help')) return 'The command is not complete. Add --help to see what it takes.'
  return `${message.replace(/^error: /, '').replace(/\.?$/, '.')} Add --help to see what it takes.`
}

function attach(program: Command, command: CliCommand, signal: AbortSignal, onFailed: (code: number) => void): void {
  // `add raster` hangs below `add`.
  const words = command.name.split(' ')
  let parent = program
  for (const word of words.slice(0, -1))
    parent =
      parent.commands.find((each) => each.name() === word) ??
      parent
        .command(word)
        .description(groups[word] ?? '')
        .exitOverride()
  const leaf = parent
    .command(words.at(-1)!)
    .description(command.summary)
    .option('--json', 'print the result as JSON')
    .exitOverride()
  command.declare(leaf)
  leaf.action(async (...given: unknown[]) => {
    const options = leaf.opts()
    const args = given
      .slice(0, -2)
      .flat()
      .filter((arg) => arg !== undefined)
      .map(String)
    const output = makeOutput(options.json === true)
    try {
      await command.run(args, options, { output, signal })
    } catch (thrown) {
      onFailed(tellFault(thrown, output.isJson))
    }
  })
}

main().then((code) => {
  process.exitCode = code
})
