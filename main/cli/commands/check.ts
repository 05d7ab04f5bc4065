import { LoamError } from '../../contract/index.ts'
import { Engine, checkStore } from '../../engine/engine.ts'
import type { CliCommand } from '../command.ts'

export const checkCommand: CliCommand = {
  name: 'check',
  summary: 'verify every stored part and map of a project against its hash',
  declare: (command) => command.argument('<project>'),
  async run([path], _options, { output, signal }) {
    const engine = await Engine.open(path, 'read')
    try {
      const { sound, damaged, missing } = await checkStore(engine.project, signal)
      if (damaged.length + missing.length > 0)
        throw new LoamError(
          'corrupt_part',
          [
            `Of ${sound + damaged.length + missing.length} files ${sound} match their hashes.`,
            ...some('damaged', damaged),
            ...some('missing', missing),
            `What is damaged was set aside as .corrupt; \`loam resume ${path} RUN\` makes anew what a run lacks.`,
          ].join('\n'),
          { sound, damaged, missing },
        )
      output.result(`${sound} files match their hashes.`, { sound, damaged, missing })
    } finally {
      await engine.close()
    }
  },
}

const mostShown = 10

function some(what: string, paths: readonly string[]): string[] {
  const lines = paths.slice(0, mostShown).map((path) => `  ${what}: ${path}`)
  return paths.length > mostShown ? [...lines, `  … and ${paths.length - mostShown} more ${what}`] : lines
}
