import { mkdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Coverage, Day, RasterDataset, SurveyedProduct } from '../contract/index.ts'
import { missingDays } from '../engine/catalog/index.ts'
import type { Engine } from '../engine/engine.ts'
import { hashJson, publishBytes } from '../engine/files/index.ts'
import type { RasterDescription } from '../engine/raster/index.ts'

/** What was seen of a dataset when it was added. It is a record of that look and cannot be had from the project file; without it
 *  dates are still known, only not how full they are. */
const Kept = z.object({
  files: z.string(),
  days: z.record(z.string(), z.number()),
  duplicated: z.array(z.string()),
})

const keptPath = ({ project }: Engine, name: string): string =>
  join(project.storeFolder, 'coverage', `${hashJson(name).slice(0, 32)}.json`)

const filesOf = ({ files }: RasterDataset): string => hashJson(files.map(({ sha256 }) => sha256))

/** Keeps how full each date was when its file was looked into. */
export async function keepCoverage(
  engine: Engine,
  dataset: RasterDataset,
  descriptionOf: (path: string) => RasterDescription | null,
  product: SurveyedProduct,
): Promise<void> {
  const sums = new Map<string, { seen: number; valid: number }>()
  for (const { day, file, subdataset, band } of dataset.scenes) {
    const layers = descriptionOf(dataset.files[file].path)?.layers ?? []
    const sample = layers
      .find((layer) => layer.subdataset === subdataset)
      ?.bands.find((each) => each.band === band)?.sample
    if (!sample || sample.seen === 0) continue
    const sum = sums.get(day ?? 'static') ?? { seen: 0, valid: 0 }
    sums.set(day ?? 'static', { seen: sum.seen + sample.seen, valid: sum.valid + sample.valid })
  }
  const days = Object.fromEntries([...sums].map(([day, { seen, valid }]) => [day, valid / seen]))
  const path = keptPath(engine, dataset.name)
  await mkdir(join(engine.project.storeFolder, 'coverage'), { recursive: true })
  await publishBytes(
    path,
    JSON.stringify({ files: filesOf(dataset), days, duplicated: product.raster?.duplicated ?? [] }),
  )
}

/** Under a new name of the dataset. Nothing happens when nothing was kept. */
export async function renameCoverage(engine: Engine, from: string, to: string): Promise<void> {
  await rename(keptPath(engine, from), keptPath(engine, to)).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'ENOENT') throw thrown
  })
}

/** Dates of a dataset, and how full each is where that is known. */
export async function coverageOf(engine: Engine, dataset: RasterDataset): Promise<Coverage> {
  const days = [...new Set(dataset.scenes.map(({ day }) => day))].filter((day): day is Day => day !== null).sort()
  const kept = await keptOf(engine, dataset)
  return {
    days,
    validShare: days.map((day) => kept?.days[day] ?? null),
    missing: missingDays(days),
    duplicated: (kept?.duplicated ?? []) as Day[],
  }
}

/** Mean share of cells with a value over all dates; null when not known. */
export async function meanValidShare(engine: Engine, dataset: RasterDataset): Promise<number | null> {
  const shares = Object.values((await keptOf(engine, dataset))?.days ?? {})
  return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length
}

async function keptOf(engine: Engine, dataset: RasterDataset): Promise<z.infer<typeof Kept> | null> {
  try {
    const kept = Kept.parse(JSON.parse(await readFile(keptPath(engine, dataset.name), 'utf8')))
    return kept.files === filesOf(dataset) ? kept : null
  } catch {
    return null
  }
}
