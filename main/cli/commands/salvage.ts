import { salvageProject } from '../../engine/project/index.ts'
import type { CliCommand } from '../command.ts'
import { textTable } from '../text-table.ts'

export const salvageCommand: CliCommand = {
  name: 'salvage',
  summary: 'copy what can still be read of a damaged project into a new one',
  declare: (command) => command.argument('<project>').argument('<copy>', 'path of the new project, name.loam'),
  async run([project, copy], _options, { output }) {
    const { copied, lost } = await salvageProject(project, copy)
    const rows = Object.entries(copied).map(([table, count]) => [table, String(count)])
    const text = [
      `${copy} holds what could be read:`,
      textTable(['table', 'rows'], rows),
      ...lost.map((what) => `lost: ${what}`),
    ]
    output.result(text.join('\n'), { copied, lost })
  },
}
