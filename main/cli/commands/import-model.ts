import { readFile } from 'node:fs/promises'
import { LoamError } from '../../contract/index.ts'
import { importMlRandomForest, writeModelFile } from '../../engine/models/index.ts'
import type { CliCommand } from '../command.ts'

export const importModelCommand: CliCommand = {
  name: 'import-model',
  summary: 'take over a forest that npm package ml-random-forest saved as JSON',
  declare: (command) =>
    command
      .argument('<json>', 'what its toJSON() gave')
      .requiredOption('--out <model>', 'model file, name.loammodel')
      .option('--predictors <a,b,…>', 'names of the columns it was trained on, in their order')
      .option('--target <name>', 'what it predicts', 'prediction')
      .option('--unit <unit>', 'unit of the target', ''),
  async run([file], options, { output }) {
    const model = importMlRandomForest(await readJson(file), {
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
      `${String(options.out)}: ${treeCount} trees, ${nodeCount} nodes, predictors ${predictors.join(', ')}.`,
      model.info,
    )
  },
}

async function readJson(file: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    throw new LoamError('not_found', `${file} is not there. Give the path of a saved model.`, { file })
  }
  try {
    return JSON.parse(text)
  } catch (fault) {
    throw new LoamError('bad_model', `${file} is not JSON: ${(fault as Error).message}. Save the model again.`, {
      file,
    })
  }
}
