import { LoamError } from '../../contract/index.ts'
import { Engine, checkStore } from '../../engine/engine.ts'
import type { CliCommand } from '../command.ts'

export const checkCommand: CliCommand = {
  name: 'check',
  summary: 'verify every stored part and map of a project against its hash',
  declare: (command) => command.argument('<project>'),
  async run([path], _options, { output }) {
    const engine = await Engine.open(path, 'read')
    try {
      const { sound, damaged } = await checkStore(engine.project)
      if (damaged.length > 0)
        throw new LoamError(
          'corrupt_part',
          `${damaged.length} of ${sound + damaged.length} files do not match their hash: ${damaged.join(', ')}. They are set aside; \`loam resume\` computes them anew.`,
          { damaged },
        )
      output.result(`${sound} files match their hashes.`, { sound, damaged })
    } finally {
      await engine.close()
    }
  },
}
