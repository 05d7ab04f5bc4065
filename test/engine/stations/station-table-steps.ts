import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Observations, StationSet } from '../../../main/contract/index.ts'
import { LoamError } from '../../../main/contract/index.ts'
import { readStationTable } from '../../../main/engine/stations/index.ts'
import type { StationTableOptions } from '../../../main/engine/stations/index.ts'

/** Reads tables as files of a folder that is there while a file of tests runs.
 *  @returns the folder, and what writes a table into it and reads it */
export function tableReader() {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loam-stations-'))
  })
  afterAll(() => rm(folder, { recursive: true }))
  const read = async (content: string | Buffer, options: StationTableOptions = {}, name = 'table.csv') => {
    const path = join(folder, name)
    await writeFile(path, content)
    return readStationTable(path, options)
  }
  return { folder: () => folder, read }
}

/** Observations as rows of text, to compare at a glance. */
export function rowsOf({ set, observations }: { set: StationSet; observations: Observations }): string[] {
  return [...observations.value].map((value, i) => {
    const { name, depth } = set.variables[observations.variable[i]]
    const time = new Date(observations.observedAtMs[i]).toISOString().slice(0, 16).replace('T00:00', '')
    const flag = observations.flagTexts[observations.flag[i]]
    return [set.stations[observations.station[i]].id, name, ...(depth ?? []), time, value, flag].join(' ').trim()
  })
}

export async function refusalOf(promise: Promise<unknown>): Promise<LoamError> {
  const fault = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(fault).toBeInstanceOf(LoamError)
  return fault as LoamError
}
