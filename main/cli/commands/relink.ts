import { Engine } from '../../engine/engine.ts'
import type { CliCommand } from '../command.ts'

export const relinkCommand: CliCommand = {
  name: 'relink',
  summary: 'find moved or renamed source files by their content',
  declare: (command) => command.argument('<project>').argument('<folder>', 'where to look, with its subfolders'),
  async run([project, folder], _options, { output }) {
    const engine = await Engine.open(project, 'write')
    try {
      const { found, missing } = await engine.project.relink(folder)
      const lines = [
        ...found.map((file) => `${file.dataset}: ${file.from} → ${file.to}`),
        ...missing.map((file) => `${file.dataset}: ${file.path} not found`),
        `${found.length} files relinked, ${missing.length} still missing.`,
      ]
      output.result(lines.join('\n'), { found, missing })
    } finally {
      await engine.close()
    }
  },
}
