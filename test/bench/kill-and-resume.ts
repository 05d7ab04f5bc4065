import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Engine } from '../../main/engine/engine.ts'
import { hashFile } from '../../main/engine/files/index.ts'
import { Random } from '../../main/engine/numeric/index.ts'
import { addCookFarm } from './cook-farm.ts'
import { loam } from './loam-command.ts'
import type { BenchRow } from './row.ts'

const kills = 20
const dates = '2011-05-01..2011-06-30'

/** kill −9 of every process of a run at 20 random moments of its life; each time it is resumed to the end and every file
 *  it made is compared, byte by byte, with an undisturbed run. */
export async function bench(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'loam-kill-'))
  try {
    const calm = join(folder, 'calm', 'p.loam')
    await addTo(folder, 'calm')
    const undisturbed = await loam(['run', calm, 'resources/recipes/cook-farm.json', '--dates', dates])
    const expected = await outputs(folder, 'calm')
    const random = new Random(20)
    let [identical, killedUnderWay, orphans] = [0, 0, 0]
    for (let i = 0; i < kills; i++) {
      const name = `killed-${i}`
      await addTo(folder, name)
      const project = join(folder, name, 'p.loam')
      const killed = await loam(['run', project, 'resources/recipes/cook-farm.json', '--dates', dates], {
        killAfterMs: 300 + random.uniform() * undisturbed.seconds * 1000,
      })
      if (killed.code !== 0) killedUnderWay++
      const engine = await Engine.open(project, 'read')
      const hasRun = engine.project.runs().length > 0
      await engine.close()
      // Killed before the plan was written: the user starts it again.
      await loam(
        !hasRun
          ? ['run', project, 'resources/recipes/cook-farm.json', '--dates', dates]
          : killed.code === 0
            ? ['scores', project]
            : ['resume', project],
      )
      const found = await outputs(folder, name)
      if (JSON.stringify(found) === JSON.stringify(expected)) identical++
      orphans += (await readdir(join(folder, name), { recursive: true })).filter((file) => file.endsWith('.tmp')).length
      await rm(join(folder, name), { recursive: true })
    }
    return [
      {
        figure: 'runs killed, resumed, all outputs byte-identical',
        loam: `${identical} of ${kills}`,
        note: `${killedUnderWay} were under way; ${expected.length} files each`,
      },
      { figure: 'temporary files left after resume', loam: String(orphans) },
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function addTo(folder: string, name: string): Promise<void> {
  await mkdir(join(folder, name))
  await addCookFarm(join(folder, name, 'p.loam'))
}

/** Name and SHA-256 of every map, STAC item, model and result of the first run. */
async function outputs(folder: string, name: string): Promise<[string, string][]> {
  const run = join(folder, name, 'p-runs', 'r0001')
  const maps = (await readdir(join(run, 'maps'))).map((file) => join('maps', file))
  const files = [...maps, 'model.loammodel', 'results.json'].sort()
  return Promise.all(files.map(async (file): Promise<[string, string]> => [file, await hashFile(join(run, file))]))
}
