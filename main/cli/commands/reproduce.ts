import { LoamError, asLoamError } from '../../contract/index.ts'
import { Engine } from '../../engine/engine.ts'
import type { RunRecord } from '../../engine/project/index.ts'
import type { CliCommand } from '../command.ts'
import { followRun, powerOf, powerOptions } from '../follow-run.ts'

/** What became of one run: its files, or why it could not be computed. */
interface Reproduced {
  readonly run: string
  readonly outcome: Awaited<ReturnType<Engine['reproduce']>> | null
  readonly fault: LoamError | null
}

export const reproduceCommand: CliCommand = {
  name: 'reproduce',
  summary: 'compute finished runs once more, aside, and compare every file byte for byte',
  declare: (command) => powerOptions(command.argument('<project>').argument('[run]', 'default all that are finished')),
  async run([path, id], options, context) {
    const power = powerOf(options)
    // For reading: nothing of the project changes, and it may lie on a medium that is write-protected for this user.
    const engine = await Engine.open(path, 'read')
    try {
      const all: Reproduced[] = []
      for (const run of runsOf(engine, path, id)) {
        context.output.note(`Run ${run.id}: ${run.name}`)
        all.push(await reproduce(engine, run, power, context))
      }
      const text = all.map(inWords).join('\n')
      const value = {
        runs: all.map(({ run, outcome, fault }) => ({ run, ...outcome, error: fault?.toJSON() ?? null })),
      }
      const failed = all.find(({ fault }) => fault)?.fault
      if (failed) throw new LoamError(failed.code, text, value)
      if (all.some(({ outcome }) => outcome!.compared.some(({ was, is }) => was !== is)))
        throw new LoamError('not_identical', text, value)
      context.output.result(text, value)
    } finally {
      await engine.close()
    }
  },
}

function runsOf({ project }: Engine, path: string, id: string | undefined): RunRecord[] {
  if (id !== undefined) return [project.run(id)]
  const finished = project.runs().filter(({ state }) => state === 'done' || state === 'done_with_warnings')
  if (finished.length > 0) return finished
  throw new LoamError('bad_input', `${path} has no finished run to compare with. Start one with \`loam run\`.`)
}

/** A run whose inputs are not here keeps no other from being compared. */
async function reproduce(
  engine: Engine,
  { id }: RunRecord,
  power: ReturnType<typeof powerOf>,
  context: Parameters<typeof followRun.hooks>[0],
): Promise<Reproduced> {
  try {
    return { run: id, outcome: await engine.reproduce(id, power, followRun.hooks(context)), fault: null }
  } catch (thrown) {
    if (context.signal.aborted) throw thrown
    return { run: id, outcome: null, fault: asLoamError(thrown) }
  }
}

const mostShown = 10

function inWords({ run, outcome, fault }: Reproduced): string {
  if (!outcome) return `Run ${run}: ${fault!.message}`
  const { compared, changedVersions } = outcome
  const different = compared.filter(({ was, is }) => was !== is)
  const shown = different.slice(0, mostShown).map(({ file, was, is }) => `  ${file} was ${was}, is ${is ?? 'not made'}`)
  if (different.length > mostShown) shown.push(`  … and ${different.length - mostShown} more`)
  const head =
    different.length === 0
      ? `identical bytes in all ${compared.length} files.`
      : `${different.length} of ${compared.length} files differ:`
  const versions = changedVersions.map(({ program, was, is }) => `${program} ${was || 'none'} → ${is ?? 'none'}`)
  const note = versions.length > 0 ? [`  Other versions than then: ${versions.join(', ')}.`] : []
  return [`Run ${run}: ${head}`, ...shown, ...note].join('\n')
}
