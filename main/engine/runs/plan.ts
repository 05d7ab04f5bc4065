import { readFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { Day, Grid, RasterDataset, Recipe, Split, StationSet } from '../../contract/index.ts'
import type { DailyTable } from '../stations/index.ts'
import { canonicalJson, hashJson, publishBytes } from '../files/index.ts'
import { withPlaces } from './input-places.ts'

/** A station set with the daily tables a run reads from it; NaN is written as null. */
export interface StationInput {
  readonly set: StationSet
  readonly tables: readonly DailyTable[]
}

/** Everything a run computes from, fixed when the run is made. Written once to `plan.json` in the run's folder and never
 *  changed: any process that holds it can compute any part. Paths inside are relative to the run's folder. */
export interface Plan {
  readonly format: 'loam-plan/1'
  /** SHA-256 over all of the plan except its paths, so that a moved project keeps its plan ids. */
  readonly id: string
  readonly versions: Readonly<Record<string, string>>
  readonly project: string
  readonly store: string
  readonly recipe: Recipe
  readonly recipeHash: string
  readonly fineGrid: Grid
  /** Coarse grid of the training rows; null when the target is stations. */
  readonly trainingGrid: Grid | null
  readonly trainingDays: readonly Day[]
  readonly productDays: readonly Day[]
  /** Splits that are scored, the recipe's own first; the other shows the gap to it. */
  readonly splits: readonly Split[]
  /** Folds of each split. */
  readonly foldCounts: readonly number[]
  /** Side of a prediction tile, cells. */
  readonly tileSize: number
  readonly datasets: readonly RasterDataset[]
  /** Content hash of each station input; the file is `inputs/<hash>.json`. */
  readonly stationInputs: readonly { readonly name: string; readonly hash: string }[]
}

/** The plan's identity: everything but where files lie. */
export function planId(plan: Omit<Plan, 'id'>): string {
  const { project: _project, store: _store, datasets, ...rest } = plan
  return hashJson({
    ...rest,
    // Hashing sorts keys, but the order of the predictors is the model's.
    predictorOrder: Object.keys(plan.recipe.predictors),
    datasets: datasets.map((dataset) => ({
      ...dataset,
      notes: [],
      files: dataset.files.map((file) => ({ sha256: file.sha256, bytes: file.bytes })),
    })),
  })
}

const toPosix = (path: string): string => path.split(sep).join('/')

/** Publishes the plan and its station inputs into `folder`; dataset paths, absolute so far, become relative to it. */
export async function writePlan(
  folder: string,
  plan: Omit<Plan, 'id'>,
  inputs: readonly StationInput[],
): Promise<Plan> {
  const whole: Plan = {
    ...plan,
    id: planId(plan),
    project: toPosix(relative(folder, plan.project)),
    store: toPosix(relative(folder, plan.store)),
    datasets: plan.datasets.map((dataset) => ({
      ...dataset,
      files: dataset.files.map((file) => ({ ...file, path: toPosix(relative(folder, file.path)) })),
    })),
  }
  for (const [i, input] of inputs.entries()) {
    const tables = input.tables.map((table) => ({ ...table, values: numbersToJson(table.values) }))
    await publishBytes(
      join(folder, 'inputs', `${plan.stationInputs[i].hash}.json`),
      canonicalJson({ set: input.set, tables }),
    )
  }
  await publishBytes(join(folder, 'plan.json'), `${JSON.stringify(whole, null, 1)}\n`)
  return whole
}

/** The plan of a run's folder, its paths absolute again; files that were found elsewhere since have the path they have now.
 *  @throws bad_input when the folder holds no plan, bad_project when the plan does not match its own id */
export async function readPlan(folder: string): Promise<Plan> {
  const path = join(folder, 'plan.json')
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch {
    throw new LoamError(
      'not_found',
      `${folder} holds no plan.json, so it is not a run. Give the folder that \`loam plan\` printed.`,
      {
        path,
      },
    )
  }
  let plan: Plan
  try {
    plan = JSON.parse(text) as Plan
  } catch (fault) {
    throw new LoamError(
      'bad_project',
      `${path} is damaged (${(fault as Error).message}). Make the plan again with \`loam plan\`.`,
      {
        path,
      },
    )
  }
  const { id, ...rest } = plan
  if (plan.format !== 'loam-plan/1' || planId(rest) !== id)
    throw new LoamError(
      'bad_project',
      `${path} was changed after it was made: its content does not match its id. Make the plan again.`,
      {
        path,
      },
    )
  const datasets = plan.datasets.map((dataset) => ({
    ...dataset,
    files: dataset.files.map((file) => ({ ...file, path: resolve(folder, file.path) })),
  }))
  return {
    ...plan,
    project: resolve(folder, plan.project),
    store: resolve(folder, plan.store),
    datasets: await withPlaces(folder, datasets),
  }
}

/** The station inputs of a plan, checked against their hashes. */
export async function readStationInputs(
  folder: string,
  plan: Plan,
): Promise<Map<string, StationInput & { hash: string }>> {
  const inputs = new Map<string, StationInput & { hash: string }>()
  for (const { name, hash } of plan.stationInputs) {
    const path = join(folder, 'inputs', `${hash}.json`)
    const json = JSON.parse(await readFile(path, 'utf8')) as {
      set: StationSet
      tables: (DailyTable & { values: (number | null)[] })[]
    }
    const tables = json.tables.map((table) => ({
      ...table,
      values: Float64Array.from(table.values, (v) => v ?? Number.NaN),
    }))
    const input = { set: json.set, tables }
    if (hashStationInput(input) !== hash)
      throw new LoamError('bad_project', `${path} was changed after the run was planned. Make the plan again.`, {
        path,
      })
    inputs.set(name, { ...input, hash })
  }
  return inputs
}

/** Content hash of a station input: the daily values and places, not the files they came from. */
export function hashStationInput(input: StationInput): string {
  return hashJson({
    crs: input.set.crs,
    stations: input.set.stations,
    tables: input.tables.map((table) => ({ ...table, values: numbersToJson(table.values) })),
  })
}

function numbersToJson(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value))
}

/** Folder of a run as its project sees it. */
export function runFolder(projectPath: string, runId: string): string {
  return join(dirname(projectPath), `${basename(projectPath).replace(/\.loam$/, '')}-runs`, runId)
}
