import { LoamError } from '../../contract/index.ts'
import { requireOutputPlace } from '../../engine/files/index.ts'
import { foreignFormats, importModelFile, writeModelFile } from '../../engine/models/index.ts'
import type { ForeignFormat } from '../../engine/models/index.ts'
import type { CliCommand } from '../command.ts'

export const importModelCommand: CliCommand = {
  name: 'import-model',
  summary: 'take over a forest or boosted trees from ONNX, xgboost, LightGBM or ml-random-forest',
  declare: (command) =>
    command
      .argument('<file>', 'ONNX tree ensemble, xgboost JSON, LightGBM text, or JSON of ml-random-forest')
      .requiredOption('--out <model>', 'model file, name.loammodel')
      .option('--format <format>', `auto, ${Object.keys(foreignFormats).join(', ')}`, 'auto')
      .option(
        '--predictors <a,b,…>',
        'names of the columns it was trained on, in their order; default those in the file',
      )
      .option('--target <name>', 'what it predicts', 'prediction')
      .option('--unit <unit>', 'unit of the target', ''),
  async run([file], options, { output }) {
    await requireOutputPlace(String(options.out), [file])
    const { model, format, notes } = await importModelFile(file, {
      format: formatFrom(String(options.format)),
      target: { name: String(options.target), unit: String(options.unit) },
      ...(options.predictors === undefined
        ? {}
        : {
            predictors: String(options.predictors)
              .split(',')
              .map((name) => name.trim()),
          }),
    })
    await writeModelFile(String(options.out), model)
    const { treeCount, nodeCount, predictors } = model.info
    output.result(
      [
        `${String(options.out)}: ${treeCount} trees, ${nodeCount} nodes from ${foreignFormats[format].name}, predictors ${predictors.join(', ')}.`,
        ...notes,
      ].join('\n'),
      { ...model.info, notes },
    )
  },
}

function formatFrom(name: string): ForeignFormat | undefined {
  if (name === 'auto') return undefined
  if (name in foreignFormats) return name as ForeignFormat
  throw new LoamError(
    'usage',
    `There is no format "${name}". Give one of auto, ${Object.keys(foreignFormats).join(', ')}.`,
  )
}
