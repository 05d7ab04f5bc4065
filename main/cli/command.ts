import type { Command } from 'commander'
import type { Output } from './output.ts'

/** What a command gets besides its own arguments. */
export interface CommandContext {
  readonly output: Output
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal
}

/** One command of the command line: declares its arguments and says what it does with them.
 *  `run` gets the arguments in order, then the options, as commander parsed them. */
export interface CliCommand {
  readonly name: string
  readonly summary: string
  declare(command: Command): Command
  run(args: readonly string[], options: Record<string, unknown>, context: CommandContext): Promise<void>
}
