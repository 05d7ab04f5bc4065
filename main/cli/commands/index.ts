import type { CliCommand } from '../command.ts'
import { addRasterCommand } from './add-raster.ts'
import { addStationsCommand } from './add-stations.ts'
import { applyCommand } from './apply.ts'
import { cancelCommand } from './cancel.ts'
import { checkCommand } from './check.ts'
import { collectCommand } from './collect.ts'
import { demoCommand } from './demo.ts'
import { describeCommand } from './describe.ts'
import { downscaleCommand } from './downscale.ts'
import { effectsCommand } from './effects.ts'
import { exportModelCommand } from './export-model.ts'
import { importModelCommand } from './import-model.ts'
import { krigeCommand } from './krige.ts'
import { newCommand } from './new.ts'
import { packCommand } from './pack.ts'
import { partCommand } from './part.ts'
import { pauseCommand } from './pause.ts'
import { planCommand } from './plan.ts'
import { predictCommand } from './predict.ts'
import { relinkCommand } from './relink.ts'
import { reportCommand } from './report.ts'
import { reproduceCommand } from './reproduce.ts'
import { resumeCommand } from './resume.ts'
import { runCommand } from './run.ts'
import { runsCommand } from './runs.ts'
import { salvageCommand } from './salvage.ts'
import { scoresCommand } from './scores.ts'
import { serveCommand } from './serve.ts'
import { showCommand } from './show.ts'
import { trainCommand } from './train.ts'
import { variogramCommand } from './variogram.ts'

/** Every command, in the order `loam --help` lists them. */
export const commands: readonly CliCommand[] = [
  serveCommand,
  demoCommand,
  newCommand,
  describeCommand,
  addRasterCommand,
  addStationsCommand,
  showCommand,
  runCommand,
  runsCommand,
  pauseCommand,
  cancelCommand,
  resumeCommand,
  scoresCommand,
  reportCommand,
  reproduceCommand,
  planCommand,
  partCommand,
  collectCommand,
  relinkCommand,
  packCommand,
  checkCommand,
  salvageCommand,
  trainCommand,
  predictCommand,
  effectsCommand,
  applyCommand,
  importModelCommand,
  exportModelCommand,
  variogramCommand,
  krigeCommand,
  downscaleCommand,
]
