import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { FieldExpression, LayerSource, RasterDataset } from '../../contract/index.ts'
import { compileField } from '../fields/index.ts'
import { closureLayer, layerQuantity } from '../products/index.ts'
import type { Project } from '../project/index.ts'
import { RasterReader } from '../raster/index.ts'
import type { LayerPlan, PreviewSpec } from './layer-plan.ts'
import { projectSources } from '../runs/index.ts'
import { recordInputs } from './record-inputs.ts'
import { pathOf, runMaps } from './run-maps.ts'

/** A layer's plan and what its numbers are called. */
export interface PlannedLayer {
  readonly plan: LayerPlan
  readonly name: string
  readonly quantity: string
  /** Metres below the ground, where it is known. */
  readonly depth: readonly [number, number] | null
}

export interface PlanTools {
  readonly project: Project
  /** @throws unknown_name for a preview of another session */
  readonly preview: (id: string) => PreviewSpec
}

/** Resolves a source with the project, so that any process can compute it.
 *  @throws unknown_name, bad_recipe, source_missing, input_changed, and what `compileField` throws */
export async function planLayer(source: LayerSource, tools: PlanTools): Promise<PlannedLayer> {
  switch (source.of) {
    case 'dataset': {
      const { dataset, variable } = source
      const known = tools.project.storedDataset(dataset).variables.find((each) => each.name === variable)
      const name = known?.description || `${dataset} ${variable}`
      const planned = await planField(name, { series: dataset, variable }, {}, tools)
      return { ...planned, quantity: quantityOf(variable, known?.unit ?? '') }
    }
    case 'field':
      return planField(source.name, source.expression, source.fields, tools)
    case 'product':
      return planProduct(source.run, source.layer, tools)
    case 'difference': {
      const [a, b] = [await planLayer(source.a, tools), await planLayer(source.b, tools)]
      return {
        plan: { of: 'difference', a: a.plan, b: b.plan },
        name: `${a.name} − ${b.name}`,
        quantity: a.quantity === b.quantity ? `difference of ${a.quantity}` : 'difference',
        depth: a.depth && b.depth && a.depth[0] === b.depth[0] && a.depth[1] === b.depth[1] ? a.depth : null,
      }
    }
    case 'preview': {
      const preview = tools.preview(source.preview)
      const { target, product } = preview.plan.recipe
      const { quantity } = product
      const names = {
        prediction: quantity,
        interval: `width of the interval of ${quantity}`,
        applicability: 'dissimilarity',
      }
      return {
        plan: { of: 'preview', preview, layer: source.layer },
        name: `Preview · ${names[source.layer]}`,
        quantity: names[source.layer],
        depth: source.layer === 'applicability' ? null : (target.depth ?? null),
      }
    }
  }
}

async function planField(
  name: string,
  expression: FieldExpression,
  named: Record<string, FieldExpression>,
  { project }: PlanTools,
): Promise<PlannedLayer> {
  const sources = projectSources(project)
  const recorded = recordInputs(sources)
  // Only compiled here: no file is opened in this process.
  const reader = new RasterReader({ cacheBytes: 0 })
  const { datasets, stations } = recorded
  const minValidFraction = 0.5
  const field = compileField(name, expression, { named, datasets, stations, reader, minValidFraction })
  reader.close()
  const used = recorded.used()
  const ready: RasterDataset[] = []
  for (const dataset of used.datasets) ready.push(await project.dataset(dataset.name))
  return {
    plan: {
      of: 'field',
      name,
      expression,
      inputs: { named, datasets: ready, stations: used.stations, minValidFraction },
      fallbackGrid: field.nativeGrid ? null : largestGrid(sources.datasets.values()),
    },
    name,
    // A stored series is of the quantity its variable names, whatever the layer is called.
    quantity: quantityOf(field.origin?.variable ?? name, field.unit),
    depth: ofStations(expression),
  }
}

async function planProduct(run: string, layer: string, { project }: PlanTools): Promise<PlannedLayer> {
  const record = project.run(run)
  const { folder, grid, closureGrid, quantity, unit, depth, lineage, layers, days } = await runMaps(record)
  const other = layers.find((each) => each.name === layer)
  const isReason = layer === 'reason'
  if (!other && layer !== 'mean' && !isReason)
    throw new LoamError(
      'unknown_name',
      `Run ${run} has no layer "${layer}"; it has: ${['mean', 'reason', ...layers.map((each) => each.name)].join(', ')}.`,
      { run, layer },
    )
  const files = new Set(await readdir(folder).catch(() => []))
  const maps = days.flatMap(({ day, key, path: mean }) => {
    const path = pathOf(mean, other)
    // The mean is published last, so where it is the other layers are. Quantiles of one day share the day's key.
    return files.has(basename(mean)) && files.has(basename(path)) ? [{ day, path, key: `${key} ${layer}` }] : []
  })
  const name = `${record.name} · ${isReason ? 'reason' : other ? layerQuantity(quantity, other) : quantity}`
  return {
    plan: {
      of: 'product',
      name,
      unit: isReason || other?.isIndex ? '1' : unit,
      kind: isReason ? 'categorical' : 'continuous',
      grid: other?.name === closureLayer.name ? closureGrid! : grid,
      band: isReason ? 'reasons' : 'values',
      maps,
      lineage,
    },
    name,
    // Quantiles share the colours of the mean; a standard deviation is another quantity.
    quantity: isReason
      ? 'reason'
      : other?.isIndex
        ? other.words
        : other?.quantile === null
          ? `${other.words} of ${quantity}`
          : quantity,
    depth: isReason || other?.isIndex ? null : depth,
  }
}

/** Layers of one quantity and unit share colours and range, so soil moisture must be called that whatever a file calls it. */
export function quantityOf(name: string, unit: string): string {
  const isWater = /^(m3 m-3|m3\/m3|m\^3\/m\^3|cm3 cm-3|m³ m⁻³|m3\.m-3)$/i.test(unit.trim())
  // What is said of a quantity, not the quantity itself: it has its own colours and range.
  if (/standard error/i.test(name)) return name.replaceAll('_', ' ')
  if (isWater && /moist|^sm|_sm|ssm|vwc|swc|theta|water/i.test(name)) return 'soil moisture'
  return name.replaceAll('_', ' ')
}

/** Of a field that brings one depth of stations to the cells. */
function ofStations(expression: FieldExpression): readonly [number, number] | null {
  return typeof expression === 'object' && 'depth' in expression ? (expression.depth ?? null) : null
}

function largestGrid(datasets: Iterable<RasterDataset>): RasterDataset['grid'] | null {
  let best: RasterDataset['grid'] | null = null
  for (const { grid } of datasets) if (!best || grid.rows * grid.cols > best.rows * best.cols) best = grid
  return best
}
