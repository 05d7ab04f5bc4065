import { LoamError, PackedData } from '../../contract/index.ts'
import { Engine } from '../../engine/engine.ts'
import { packProject } from '../../engine/pack/index.ts'
import type { CliCommand } from '../command.ts'

export const packCommand: CliCommand = {
  name: 'pack',
  summary: 'gather a project with its data and runs in one folder for another machine',
  declare: (command) =>
    command
      .argument('<project>')
      .argument('<folder>', 'the new folder')
      .option('--data <which>', 'all, used (by recipe, layers or runs) or none', 'all'),
  async run([path, folder], options, { output, signal }) {
    const { data, success } = PackedData.safeParse(options.data)
    if (!success) {
      const choices = PackedData.options.join(', ')
      throw new LoamError('bad_input', `--data is ${String(options.data)}; it has to be one of ${choices}.`)
    }
    const engine = await Engine.open(path, 'read')
    try {
      const report = await packProject(engine.project, { to: folder, data }, { signal, onProgress: () => {} })
      const lines = [
        `${report.files} files, ${(report.bytes / 1e6).toFixed(1)} MB in ${report.folder}`,
        ...(report.outside.length > 0
          ? [`Outside stay ${report.outside.length}, listed in outside.txt:`]
          : ['Nothing stays outside.']),
        ...report.outside.slice(0, 5).map(({ path: left, why }) => `  ${left}: ${why}`),
      ]
      output.result(lines.join('\n'), { ...report })
    } finally {
      await engine.close()
    }
  },
}
