import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { LeftOutside } from '../../contract/index.ts'
import type { Project } from '../project/index.ts'
import { readResults } from '../runs/index.ts'
import type { RunInput } from './run-inputs.ts'
import { runPlace } from './plan-pack.ts'

/** How each finished run was made, as its own sentences; runs without results are named. */
export async function methodsText(project: Project): Promise<string> {
  const parts = await Promise.all(
    project.runs().map(async ({ id, name, folder }) => {
      const results = await readResults(folder).catch(() => null)
      return `Run ${id} (${name})\n${results ? results.lineage : 'It has not ended.'}\n`
    }),
  )
  const again = `loam reproduce "${basename(project.path)}"`
  const head = `${project.info.name}: methods\n\n${again} computes every finished run once more and compares every byte.\n`
  return `${[head, ...(parts.length > 0 ? parts : ['No run was made yet.\n'])].join('\n')}`
}

/** What the pack does not hold. */
export function outsideText(outside: readonly LeftOutside[]): string {
  if (outside.length === 0) return 'Everything the project needs is in this folder.\n'
  const lines = outside.map(({ path, why, sha256 }) => `${path}\n  ${why}${sha256 ? `\n  SHA-256 ${sha256}` : ''}`)
  return `What stays outside of this folder. Files are known by their contents, whatever the name: put them anywhere below this folder, or link them where they are with "Locate moved files" (loam relink).\n\n${lines.join('\n')}\n`
}

/** RO-Crate metadata: every file with size and hash, every run as an action with its inputs, the program that made it and its files.
 *  @param hashes path in the pack and SHA-256
 *  @param inputs of the runs; those that stay outside of the pack have no file to point at
 *  Source: RO-Crate Metadata Specification 1.1. */
export async function provenanceCrate(
  project: Project,
  folder: string,
  hashes: readonly (readonly [string, string])[],
  inputs: Iterable<RunInput>,
): Promise<string> {
  const places = new Map(hashes.map(([path, sha256]) => [sha256, path]))
  const objects = new Map<string, { '@id': string }[]>(project.runs().map(({ id }) => [id, []]))
  for (const { file, runs } of inputs) {
    const place = places.get(file.sha256)
    if (place !== undefined) for (const id of runs) objects.get(id)!.push({ '@id': place })
  }
  const files = await Promise.all(
    hashes.map(async ([path, sha256]) => ({
      '@id': path,
      '@type': 'File',
      name: basename(path),
      contentSize: String((await stat(join(folder, ...path.split('/')))).size),
      sha256,
    })),
  )
  const runs = project.runs()
  const actions = runs.map(({ id, name, planId, startedAtMs, endedAtMs, state, versions }) => ({
    '@id': `#run-${id}`,
    '@type': 'CreateAction',
    name: `${id}, ${name}`,
    identifier: planId,
    actionStatus: state,
    ...(startedAtMs === null ? {} : { startTime: new Date(startedAtMs).toISOString() }),
    ...(endedAtMs === null ? {} : { endTime: new Date(endedAtMs).toISOString() }),
    object: objects.get(id),
    instrument: Object.keys(versions).map((program) => ({ '@id': `#${program}-${versions[program]}` })),
    result: files
      .filter((file) => file['@id'].startsWith(`${runPlace(project, id)}/`))
      .map((file) => ({ '@id': file['@id'] })),
  }))
  const programs = new Map(
    runs.flatMap(({ versions }) =>
      Object.entries(versions).map(([program, version]) => [`#${program}-${version}`, { program, version }] as const),
    ),
  )
  const graph = [
    {
      '@id': 'ro-crate-metadata.json',
      '@type': 'CreativeWork',
      conformsTo: { '@id': 'https://w3id.org/ro/crate/1.1' },
      about: { '@id': './' },
    },
    {
      '@id': './',
      '@type': 'Dataset',
      name: project.info.name,
      dateCreated: new Date(project.info.createdAtMs).toISOString(),
      hasPart: files.map((file) => ({ '@id': file['@id'] })),
      mentions: actions.map((action) => ({ '@id': action['@id'] })),
    },
    ...files,
    ...actions,
    ...Array.from(programs, ([id, { program, version }]) => ({
      '@id': id,
      '@type': 'SoftwareApplication',
      name: program,
      softwareVersion: version,
    })),
  ]
  return `${JSON.stringify({ '@context': 'https://w3id.org/ro/crate/1.1/context', '@graph': graph }, null, 2)}\n`
}
