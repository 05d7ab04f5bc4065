import { LoamError } from '../../contract/index.ts'
import type { TestPartState } from '../../contract/index.ts'
import type { Project } from '../project/index.ts'
import {
  RunContext,
  openingSubject,
  openingsOf,
  readPlan,
  readResults,
  scoreTestPart,
  testPartKey,
  testPartWords,
  writeOpening,
} from '../runs/index.ts'
import { sealedReason } from '../samples/index.ts'

/** The test part that a run's split seals, and whether it was opened; null without one. */
export async function testPartOf(project: Project, id: string): Promise<TestPartState | null> {
  const { folder } = project.run(id)
  const { recipe } = await readPlan(folder)
  const { test } = recipe.split
  if (!test) return null
  const openings = openingsOf(project.notes(), testPartKey(recipe))
  const results = await readResults(folder).catch(() => null)
  const opened = openings.find(({ run }) => run === id) ?? null
  return {
    words: testPartWords(test),
    rows: results ? (results.excluded[sealedReason] ?? 0) : null,
    opened,
    others: openings.filter(({ run }) => run !== id),
    scores: opened ? project.scores(id).filter(({ part }) => part === 'test') : [],
  }
}

/** Opens the sealed test part of a finished run: scores it, and keeps in the project who did it, when and why.
 *  @throws conflict when the run has none, has not ended well, or it is open already; incomplete when its parts are gone */
export async function openTestPart(
  project: Project,
  id: string,
  { reason, who }: { readonly reason: string; readonly who: string },
): Promise<void> {
  const { folder, state } = project.run(id)
  const about = { run: id }
  if (state !== 'done' && state !== 'done_with_warnings')
    throw new LoamError(
      'conflict',
      `Run ${id} has not ended well, so its test part stays sealed. Let it end first.`,
      about,
    )
  if ((await testPartOf(project, id))?.opened)
    throw new LoamError('conflict', `The test part of run ${id} was opened before; it can be opened once.`, about)
  const context = await RunContext.open(folder, { cacheBytes: 0 })
  try {
    const { scores, verdicts } = await scoreTestPart(context)
    const opening = { ...about, atMs: Date.now(), who, reason: reason.trim(), verdicts }
    // The record first: whatever comes after, it was looked at.
    project.note(openingSubject, writeOpening(opening, testPartKey(context.plan.recipe)))
    project.putScores(id, [...project.scores(id).filter(({ part }) => part !== 'test'), ...scores])
  } finally {
    context.close()
  }
}
