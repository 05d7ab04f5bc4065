import { relative, sep } from 'node:path'
import type { RunComparison, RunDetails, RunMap, RunProgress, RunProvenance, RunSummary } from '../contract/index.ts'
import type { Engine } from '../engine/engine.ts'
import type { RunRecord } from '../engine/project/index.ts'
import { dayStates, mapsOf, planLayers, readResults } from '../engine/runs/index.ts'
import type { LiveRun, RunQueue } from './run-queue.ts'

/** A run as lists show it. */
export function summaryOfRun({ project }: Engine, runs: RunQueue, runId: string): RunSummary {
  // Read here, so that record and queue are of one moment.
  const run = project.run(runId)
  const live = runs.live().find(({ id }) => id === run.id)
  const { id, name, message, createdAtMs, startedAtMs, endedAtMs, estimate } = run
  // In a project that another process has open for writing, a run that says it is under way is; else it was killed.
  const isKilled = (run.state === 'running' || run.state === 'pausing') && !live && !project.heldBy
  return {
    id,
    name,
    state: isKilled ? 'interrupted' : run.state,
    message,
    createdAtMs,
    startedAtMs,
    endedAtMs,
    estimate,
    place: live?.place ?? null,
    progress: live?.progress ? progressOf(live.progress) : null,
  }
}

/** The pace of steps that have not begun is not known yet: a margin around what the pace so far gives, wider on the late side. */
const leftSpread = { from: 0.8, to: 1.4 }

export function progressOf({ step, done, total, secondsLeft }: NonNullable<LiveRun['progress']>): RunProgress {
  const left =
    secondsLeft === null ? null : { from: secondsLeft * leftSpread.from, to: Math.max(1, secondsLeft * leftSpread.to) }
  return { step, done, total, secondsLeft: left }
}

export async function detailsOfRun(engine: Engine, runs: RunQueue, run: RunRecord): Promise<RunDetails> {
  const plan = await runs.plan(run)
  const days = await dayStates(run.folder, plan)
  const findings = await readResults(run.folder).catch(() => null)
  return {
    ...summaryOfRun(engine, runs, run.id),
    recipe: plan.recipe,
    planId: run.planId,
    folder: run.folder,
    steps: engine.project.steps(run.id),
    days,
    layers: planLayers(plan),
    warnings: findings?.warnings ?? [],
  }
}

export async function mapsOfRun({ project }: Engine, runs: RunQueue, run: RunRecord): Promise<RunMap[]> {
  const plan = await runs.plan(run)
  const hashes = new Map(project.artefacts(run.id).map(({ path, hash }) => [path, hash]))
  const maps = await mapsOf(run.folder, plan)
  return Array.from(maps, ([day, files]) => ({
    day,
    layers: files.map(({ layer, path, bytes }) => ({
      layer,
      path,
      relativePath: relative(project.folder, path).split(sep).join('/'),
      bytes,
      sha256: hashes.get(path) ?? null,
    })),
  }))
}

export async function provenanceOfRun({ project }: Engine, runs: RunQueue, run: RunRecord): Promise<RunProvenance> {
  const plan = await runs.plan(run)
  const findings = await readResults(run.folder).catch(() => null)
  return {
    planId: run.planId,
    recipeHash: run.recipeHash,
    recipe: plan.recipe,
    seed: plan.recipe.seed,
    versions: run.versions,
    fineGrid: plan.fineGrid,
    trainingGrid: plan.trainingGrid,
    trainingDays: plan.trainingDays,
    productDays: plan.productDays,
    datasets: plan.datasets.map(({ name, dateRule, notes, files }) => ({
      name,
      dateRule,
      notes,
      files: files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })),
    })),
    stations: plan.stationInputs,
    lineage: findings?.lineage ?? null,
    files: project.artefacts(run.id).map(({ kind, path, hash, bytes }) => ({ kind, path, sha256: hash, bytes })),
  }
}

export async function compareRuns(engine: Engine, runs: RunQueue, a: RunRecord, b: RunRecord): Promise<RunComparison> {
  const { project } = engine
  const [planA, planB] = await Promise.all([runs.plan(a), runs.plan(b)])
  const [mapsA, mapsB] = await Promise.all([mapsOf(a.folder, planA), mapsOf(b.folder, planB)])
  const [scoresA, scoresB] = [project.scores(a.id), project.scores(b.id)]
  const keyOf = (row: { validation: string; subject: string; part: string }): string =>
    JSON.stringify([row.validation, row.subject, row.part])
  const byKeyB = new Map(scoresB.map((row) => [keyOf(row), row.scores]))
  const keysA = new Set(scoresA.map(keyOf))
  const label = ({ validation, subject, part }: (typeof scoresA)[number]) => ({ validation, subject, part })
  return {
    a: summaryOfRun(engine, runs, a.id),
    b: summaryOfRun(engine, runs, b.id),
    settings: differences(planA.recipe, planB.recipe),
    versions: differences(a.versions, b.versions).map(({ path, a: was, b: is }) => ({
      program: path,
      a: was as string | null,
      b: is as string | null,
    })),
    scores: [
      ...scoresA.map((row) => ({ ...label(row), a: row.scores, b: byKeyB.get(keyOf(row)) ?? null })),
      ...scoresB.filter((row) => !keysA.has(keyOf(row))).map((row) => ({ ...label(row), a: null, b: row.scores })),
    ],
    commonDays: [...mapsA.keys()].filter((day) => mapsB.has(day)),
  }
}

/** Leaves of two JSON values that differ, by their path; null where one has none. A list of plain values is one leaf. */
export function differences(a: unknown, b: unknown, path = ''): { path: string; a: unknown; b: unknown }[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return []
  if (!isTree(a) || !isTree(b)) return [{ path, a: a ?? null, b: b ?? null }]
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  return keys.flatMap((key) => differences(a[key], b[key], path ? `${path}.${key}` : key))
}

function isTree(value: unknown): value is Record<string, unknown> {
  if (Array.isArray(value)) return value.some((each) => typeof each === 'object' && each !== null)
  return typeof value === 'object' && value !== null
}
