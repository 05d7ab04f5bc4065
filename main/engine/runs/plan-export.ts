import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { Day, Grid } from '../../contract/index.ts'
import { layerQuantity, productLayers, qmlStyle, sldStyle, styleOfQuantity } from '../products/index.ts'
import type { MapStyle } from '../products/index.ts'
import { describeRaster, mostDaysOfNetcdf, netcdfMapsBytes } from '../raster/index.ts'
import type { NetcdfMapsOptions } from '../raster/index.ts'
import { readPlan } from './plan.ts'
import type { Plan } from './plan.ts'
import { readResults } from './write-results.ts'
import type { RunFile } from './write-results.ts'

export interface ExportContents {
  /** Default all. */
  readonly days?: readonly Day[]
  /** Names of layers, `mean` for the map itself. Default all. */
  readonly layers?: readonly string[]
  /** Cloud-optimised GeoTIFFs with their STAC items, a file a day; NetCDF-CF, a file a month; or both. */
  readonly format: 'cog' | 'netcdf' | 'both'
  /** QML and SLD beside each GeoTIFF. */
  readonly withStyles: boolean
  /** Model, plan and results. */
  readonly withModel: boolean
}

/** A file of the export, before it is written. */
export interface PlannedFile {
  readonly name: string
  readonly bytes: number
  readonly of:
    | { readonly copy: string; readonly sha256: string | null }
    | { readonly text: string }
    | { readonly netcdf: NetcdfMapsOptions }
}

/** Everything an export would write, with its size to the byte.
 *  @throws incomplete without results; bad_input when no map is left */
export async function planExport(folder: string, choice: ExportContents): Promise<PlannedFile[]> {
  const [plan, { files }] = await Promise.all([readPlan(folder), readResults(folder)])
  const { days, layers, format, withStyles, withModel } = choice
  const maps = files.filter(
    ({ kind, day, layer = 'mean' }) =>
      kind === 'map' && (!days || days.includes(day!)) && (!layers || layers.includes(layer)),
  )
  if (maps.length === 0)
    throw new LoamError('bad_input', 'None of the maps is chosen. Choose days and layers the run has.')
  const planned: PlannedFile[] = []
  const copy = async (from: string, sha256: string | null): Promise<void> => {
    planned.push({ name: basename(from), bytes: (await stat(from)).size, of: { copy: from, sha256 } })
  }
  if (format !== 'netcdf') {
    const styles = withStyles ? await stylesOf(plan, maps) : new Map<string, MapStyle>()
    for (const { path, sha256, layer } of maps) {
      await copy(path, sha256)
      const style = styles.get(layer ?? 'mean')
      if (style) {
        planned.push(textFile(basename(path).replace(/\.tif$/, '.qml'), qmlStyle(style)))
        planned.push(textFile(basename(path).replace(/\.tif$/, '.sld'), sldStyle(style)))
      }
      if (layer === undefined) await copy(path.replace(/\.tif$/, '.json'), null)
    }
  }
  if (format !== 'cog') planned.push(...netcdfFiles(plan, maps))
  if (withModel)
    for (const name of ['model.loammodel', 'plan.json', 'results.json'])
      await copy(join(folder, name), files.find(({ path }) => basename(path) === name)?.sha256 ?? null)
  return planned
}

const textFile = (name: string, text: string): PlannedFile => ({ name, bytes: Buffer.byteLength(text), of: { text } })

interface About {
  readonly title: string
  readonly unit: string
}

/** What each layer of the run holds, by its name. */
function aboutLayers({ recipe: { product } }: Plan): Map<string, About> {
  return new Map([
    ['mean', { title: product.quantity, unit: product.unit }],
    ...productLayers(product).map((layer): [string, About] => [
      layer.name,
      { title: layerQuantity(product.quantity, layer), unit: layer.isIndex ? '1' : product.unit },
    ]),
  ])
}

/** One style for all days of a layer, so that a colour means the same on each. */
async function stylesOf(plan: Plan, maps: readonly RunFile[]): Promise<Map<string, MapStyle>> {
  const styles = new Map<string, MapStyle>()
  for (const [layer, { title, unit }] of aboutLayers(plan)) {
    const first = maps.find((map) => (map.layer ?? 'mean') === layer)
    if (!first) continue
    const { layers } = await describeRaster(first.path)
    const sample = layers[0]?.bands[0]?.sample
    const hasRange = sample !== undefined && sample.minimum !== null && sample.maximum !== null
    const found = hasRange && sample.minimum! < sample.maximum! ? ([sample.minimum!, sample.maximum!] as const) : null
    styles.set(layer, styleOfQuantity(title, unit, found))
  }
  return styles
}

/** A file for each month, several where a month is larger than the format holds. */
function netcdfFiles(plan: Plan, maps: readonly RunFile[]): PlannedFile[] {
  const about = aboutLayers(plan)
  const layers = [...about.keys()].filter((name) => maps.some(({ layer = 'mean' }) => layer === name))
  const byDay = new Map<Day, Map<string, string>>()
  // A closure map has another grid.
  for (const { day, layer = 'mean', path } of maps)
    if (about.has(layer)) byDay.set(day!, (byDay.get(day!) ?? new Map<string, string>()).set(layer, path))
  const whole = [...byDay.keys()].filter((day) => byDay.get(day)!.size === layers.length).toSorted()
  const stem = fileWord(plan.recipe.product.quantity)
  return groupsOf(whole, plan.fineGrid).map((days) => {
    const netcdf: NetcdfMapsOptions = {
      grid: plan.fineGrid,
      days,
      variables: layers.map((layer) => ({
        name: layer === 'mean' ? stem : `${stem}_${layer}`,
        ...about.get(layer)!,
        paths: days.map((day) => byDay.get(day)!.get(layer)!),
      })),
      attributes: {
        title: `${plan.recipe.product.quantity}, ${plan.recipe.name}`,
        source: 'Loam',
        references: `plan ${plan.id}`,
      },
    }
    const name = `${stem}_${days[0]}${days.length > 1 ? `_${days.at(-1)}` : ''}.nc`
    return { name, bytes: netcdfMapsBytes(netcdf), of: { netcdf } }
  })
}

const fileWord = (quantity: string): string => quantity.replace(/[^A-Za-z0-9]+/g, '_').toLowerCase()

function groupsOf(days: readonly Day[], grid: Grid): Day[][] {
  const most = mostDaysOfNetcdf(grid)
  const groups: Day[][] = []
  for (const day of days) {
    const last = groups.at(-1)
    if (last && last.length < most && last[0].slice(0, 7) === day.slice(0, 7)) last.push(day)
    else groups.push([day])
  }
  return groups
}
