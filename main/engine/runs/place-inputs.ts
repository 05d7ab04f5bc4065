import { basename } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { FoundFile, Project, WantedFile } from '../project/index.ts'
import { writePlaces } from './input-places.ts'
import { readPlan } from './plan.ts'
import type { Plan } from './plan.ts'

/** The plan of a run with its inputs where they are now. A plan names them by dataset and SHA-256; its paths only say where they lay when
 *  it was made, which holds no longer once data were moved or the project was packed. They are found by contents, through the project's
 *  datasets. Where the project may be written, what was found is kept beside the plan, for the run's processes and its next readers.
 *  @throws source_missing, input_changed: each dataset and file with its SHA-256 */
export async function placeInputs(folder: string, project: Project, signal?: AbortSignal): Promise<Plan> {
  const plan = await readPlan(folder)
  const wanted = plan.datasets.flatMap(({ name, files }) => files.map((file) => ({ dataset: name, file })))
  const found = await project.findFiles(wanted, signal)
  if (found.some(({ file }) => !file)) throw notThere(wanted, found, project)
  const isElsewhere = found.some(
    ({ file }, i) => file!.path !== wanted[i].file.path || file!.modifiedMs !== wanted[i].file.modifiedMs,
  )
  if (!isElsewhere) return plan
  const files = found.map(({ file }) => file!)
  let next = 0
  const datasets = plan.datasets.map((dataset) => ({
    ...dataset,
    files: files.slice(next, (next += dataset.files.length)),
  }))
  if (project.mode === 'write') await writePlaces(folder, files)
  return { ...plan, datasets }
}

/** Half a screen where it is told; `details` hold all. */
const mostShown = 5

function notThere(wanted: readonly WantedFile[], found: readonly FoundFile[], project: Project): LoamError {
  const lacking = wanted.flatMap(({ dataset, file: { path, sha256, bytes } }, i) => {
    const { file, differing, recorded } = found[i]
    return file ? [] : [{ dataset, file: differing ?? recorded ?? basename(path), sha256, bytes, differing, recorded }]
  })
  const isMissing = lacking.some(({ differing }) => !differing)
  const lines = lacking
    .slice(0, mostShown)
    .map(
      ({ dataset, file, sha256, differing }) =>
        `  ${dataset}: ${file}${differing ? ' has other contents; wanted is' : ','} SHA-256 ${sha256}`,
    )
  if (lacking.length > mostShown) lines.push(`  … and ${lacking.length - mostShown} more`)
  const count = `${lacking.length} of the ${wanted.length} files that this run was computed from`
  const one = lacking.length === 1
  const head = isMissing
    ? `${count} ${one ? 'is' : 'are'} not here:`
    : `${count} ${one ? 'has' : 'have'} other contents now:`
  // Relinking goes by the project's records, which may know other contents under that name by now, or nothing.
  const relink = lacking.every(({ recorded, differing }) => recorded && !differing)
    ? `, or name the folder they are in: loam relink "${project.path}" FOLDER ("Locate moved files" in the window)`
    : ''
  return new LoamError(
    isMissing ? 'source_missing' : 'input_changed',
    `${head}\n${lines.join('\n')}\nPut ${one ? 'it' : 'them'} anywhere below ${project.folder}, where ${one ? 'it is' : 'they are'} known by contents whatever the name${relink}.`,
    { files: lacking.map(({ dataset, file, sha256, bytes }) => ({ dataset, file, sha256, bytes })) },
  )
}
