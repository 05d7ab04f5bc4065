import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ScoreRow } from '../../main/contract/index.ts'
import { loamJson } from './loam-command.ts'
import type { BenchRow } from './row.ts'
import { smapProject } from './smap-project.ts'

/** SMAP 9 km over Western Australia averaged to 36 km and trained back to 9 km with ERA5-Land. The 9 km maps are a
 *  retrieval themselves, so this is consistency with them. */
export async function bench(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'loam-smap-'))
  try {
    const project = await smapProject(folder)
    const run = await loamJson<{ scores: ScoreRow[]; verdicts: string[]; warnings: string[] }>([
      'run',
      project,
      'resources/recipes/smap-36-to-9km.json',
    ])
    const measure = (row: ScoreRow, name: 'rmse' | 'pearsonR' | 'bias'): string =>
      row.scores.measures[name].value.toFixed(4)
    return [
      ...run.scores
        .filter((row) => row.part === 'overall')
        .map((row) => ({
          figure: `${row.validation}: ${row.subject}`,
          loam: `RMSE ${measure(row, 'rmse')}, R ${measure(row, 'pearsonR')}, bias ${measure(row, 'bias')}`,
          note: `n ${row.scores.n}, ${row.scores.groups} groups`,
        })),
      ...run.verdicts.map((verdict) => ({ figure: 'verdict', loam: verdict })),
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
