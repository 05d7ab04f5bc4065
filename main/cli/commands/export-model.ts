import { requireOutputPlace } from '../../engine/files/index.ts'
import { exportOnnxFile, readModelFile } from '../../engine/models/index.ts'
import type { CliCommand } from '../command.ts'

export const exportModelCommand: CliCommand = {
  name: 'export-model',
  summary: 'write a model as ONNX, for use in other programs',
  declare: (command) =>
    command.argument('<model>', 'model file, name.loammodel').requiredOption('--out <file>', 'ONNX file, name.onnx'),
  async run([path], options, { output }) {
    await requireOutputPlace(String(options.out), [path])
    const model = await readModelFile(path)
    await exportOnnxFile(String(options.out), model)
    const { treeCount, nodeCount, predictors } = model.info
    output.result(
      `${String(options.out)}: ${treeCount} trees, ${nodeCount} nodes, input columns ${predictors.join(', ')}.`,
      { out: String(options.out), treeCount, nodeCount, predictors },
    )
  },
}
