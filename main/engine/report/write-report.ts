import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { LoamError, addDays, dayFromNumber, dayNumber, formatUnit } from '../../contract/index.ts'
import type { Day, ReportSettings, TestPartState } from '../../contract/index.ts'
import { publishBytes } from '../files/index.ts'
import { RunContext, gatherPairs, readResults } from '../runs/index.ts'
import type { RunResults } from '../runs/index.ts'
import { barChart, scatterChart, seriesChart } from './charts.ts'
import { drawMaps, legend, scaleBar } from './map-picture.ts'
import { reportPage } from './page.ts'
import type { ReportFigure } from './page.ts'
import { escapeText } from './svg.ts'

export interface ReportOptions {
  readonly run: string
  readonly title: string
  readonly createdAtMs: number
  readonly settings: ReportSettings
  /** Pictures pinned by the user; `path` is absolute. */
  readonly figures: readonly { readonly title: string; readonly caption: string; readonly path: string }[]
  /** Default `report.html` in the run's folder. */
  readonly path?: string
  readonly signal: AbortSignal
  /** Of the run's split; null without one. */
  readonly test?: TestPartState | null
}

/** Writes a finished run as one self-contained HTML file: verdict, maps, scores, plots, methods, every setting, versions, hashes.
 *  @returns its path
 *  @throws incomplete when the run has no results */
export async function writeReport(folder: string, options: ReportOptions): Promise<string> {
  const results = await readResults(folder)
  const context = await RunContext.open(folder, { cacheBytes: 64e6 })
  try {
    const { plan } = context
    const { recipe } = plan
    const unit = formatUnit(recipe.product.unit)
    const { from, to } = recipe.product.period
    const { sections, maps, introduction } = options.settings
    const page = reportPage({
      sections,
      introduction,
      title: options.title,
      run: options.run,
      madeAt: new Date(options.createdAtMs).toISOString().slice(0, 16).replace('T', ' '),
      period: from === to ? from : `${from} to ${to}`,
      unit,
      recipe,
      results,
      test: options.test ?? null,
      maps: sections.includes('maps') ? await mapFigures(context, results, maps, options.signal) : [],
      pinned: await Promise.all(options.figures.map(pinnedFigure)),
      figures: sections.includes('figures')
        ? [...importanceFigures(results, unit), ...(await validationFigures(context, unit))]
        : [],
      identity: [
        ['Plan', plan.id],
        ['Recipe', plan.recipeHash],
        ['Seed', String(recipe.seed)],
        ...Object.entries(plan.versions).map(([program, version]): [string, string] => [program, version]),
        ...plan.stationInputs.map(({ name, hash }): [string, string] => [`Stations ${name}`, hash]),
      ],
      inputs: plan.datasets.map(({ name, files }) => ({ name, files })),
    })
    const path = options.path ?? join(folder, 'report.html')
    await publishBytes(path, page)
    return path
  } finally {
    context.close()
  }
}

/** A picture the user pinned, as it was. An SVG is shown as a picture, so that nothing in it can run. */
async function pinnedFigure({ title, caption, path }: ReportOptions['figures'][number]): Promise<ReportFigure> {
  const type = extname(path) === '.svg' ? 'image/svg+xml' : 'image/png'
  const data = (await readFile(path)).toString('base64')
  return { title, caption, body: `<img class="pinned" alt="${escapeText(title)}" src="data:${type};base64,${data}">` }
}

/** Maps of some days, evenly spread, in one range. */
async function mapFigures(
  { plan }: RunContext,
  results: RunResults,
  mostMaps: number,
  signal: AbortSignal,
): Promise<ReportFigure[]> {
  const all = results.files.filter((file) => file.kind === 'map' && file.layer === undefined && file.day !== null)
  if (all.length === 0 || mostMaps === 0) return []
  const count = Math.min(mostMaps, all.length)
  const chosen = Array.from(
    { length: count },
    (_, i) => all[Math.round((i * (all.length - 1)) / Math.max(1, count - 1))],
  )
  const { pictures, low, high } = await drawMaps(
    chosen.map(({ path, day }) => ({ path, title: day ?? '' })),
    plan.fineGrid,
    signal,
  )
  const { quantity } = plan.recipe.product
  const shownQuantity = `${quantity.charAt(0).toUpperCase()}${quantity.slice(1)}, ${formatUnit(plan.recipe.product.unit)}`
  const bar = scaleBar(plan.fineGrid)
  const ruler = bar ? `<div class="bar" style="width:${(100 * bar.share).toFixed(1)}%"></div>` : ''
  const shown = pictures.map(({ title, image, missing, outside }) => {
    const crossed = outside > 0 ? `; crossed: outside applicability ${(100 * outside).toFixed(1)} %` : ''
    const words = missing.map(({ reason, share }) => `${reason} ${(100 * share).toFixed(1)} %`).join(', ')
    return `<div><strong>${title}</strong><img src="${image}" alt="${escapeText(`Map of ${quantity} on ${title}`)}">${ruler}<small>${words ? `No value: ${escapeText(words)}` : 'All cells have a value'}${crossed}</small></div>`
  })
  const cell = plan.fineGrid.transform[1]
  return [
    {
      title: shownQuantity,
      body: `${legend(low, high, shownQuantity)}<div class="maps">${shown.join('')}</div>`,
      caption: `${count} of ${all.length} maps; cells of ${cell} in ${plan.fineGrid.crs.slice(0, 40)}${bar ? `; the bar is ${bar.metres >= 1000 ? `${bar.metres / 1000} km` : `${bar.metres} m`} long` : ''}. One range for all: 2nd to 98th percentile of what is shown. Hatched: no value.`,
    },
  ]
}

function importanceFigures({ importance, rows }: RunResults, unit: string): ReportFigure[] {
  if (importance.length === 0) return []
  const bars = importance.map(({ predictor, heldOut, heldOutSd }) => ({
    name: predictor,
    value: heldOut,
    spread: heldOutSd,
  }))
  return [
    {
      title: 'Importance of predictors',
      body: barChart(bars, `Rise of squared error, (${unit})²`, 'Importance of predictors'),
      caption: `Rise of the mean squared error on held-out rows when a predictor's values are drawn anew; whiskers: ± standard deviation over folds; n = ${rows} rows.`,
    },
  ]
}

const mostStations = 6
const gone =
  'Its pairs are no longer in the store (it was cleaned, or written by another version of Loam); the scores above are those of the run. Reproduce the run to draw this figure.'

/** A finished run keeps its scores when the store has lost its parts. */
function goneFromStore(thrown: unknown): null {
  if (thrown instanceof LoamError && thrown.code === 'incomplete') return null
  throw thrown
}

async function validationFigures(context: RunContext, unit: string): Promise<ReportFigure[]> {
  const figures: ReportFigure[] = []
  for (const [index, spec] of context.plan.recipe.validation.entries()) {
    const gathered = await gatherPairs(context, index).catch(goneFromStore)
    if (gathered === null) {
      figures.push({ title: `Fine map against ${spec.name}`, body: '', caption: gone })
      continue
    }
    const { pairs, day } = gathered
    const kept = Int32Array.from(day.keys()).filter((i) => !Number.isNaN(pairs.predicted[i] + pairs.observed[i]))
    if (kept.length === 0) continue
    const take = (values: Float32Array): Float32Array => Float32Array.from(kept, (i) => values[i])
    figures.push({
      title: `Fine map against ${spec.name}`,
      body: scatterChart(take(pairs.predicted), take(pairs.observed), unit, `Scatter of ${kept.length} pairs`),
      caption: `n = ${kept.length} pairs, counted in 60 × 60 bins; dashed: 1:1.${spec.measured ? '' : ' The reference is itself modelled: this is consistency, not accuracy.'}`,
    })
    const reference = context.fields.references[index]
    if (reference.from !== 'stations') continue
    const counts = new Map<number, number>()
    for (const i of kept) counts.set(pairs.group[i], (counts.get(pairs.group[i]) ?? 0) + 1)
    const shown = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, mostStations)
    for (const [group, n] of shown) {
      const { name, id } = reference.table.stations[group]
      const lines = stationLines(group, pairs, day, context.plan.productDays)
      figures.push({
        title: `Station ${name || id}`,
        body: seriesChart(lines, unit, `Series of station ${name || id}`),
        caption: `Dots: observed; line: fine map; grey steps: coarse product; n = ${n} days with both.${counts.size > mostStations ? ` The ${mostStations} stations with most days of ${counts.size} are shown.` : ''}`,
      })
    }
  }
  return figures
}

function stationLines(
  group: number,
  pairs: Awaited<ReturnType<typeof gatherPairs>>['pairs'],
  day: Int32Array,
  productDays: readonly Day[],
) {
  const days: Day[] = []
  const last = productDays[productDays.length - 1]
  for (let at = productDays[0]; at <= last; at = addDays(at, 1)) days.push(at)
  const first = dayNumber(days[0])
  const empty = (): (number | null)[] => days.map(() => null)
  const lines = { days, observed: empty(), fine: empty(), coarse: empty() }
  const orGap = (value: number): number | null => (Number.isNaN(value) ? null : value)
  for (let i = 0; i < day.length; i++) {
    if (pairs.group[i] !== group || dayFromNumber(day[i]) > last) continue
    lines.observed[day[i] - first] = orGap(pairs.observed[i])
    lines.fine[day[i] - first] = orGap(pairs.predicted[i])
    lines.coarse[day[i] - first] = orGap(pairs.coarse[i])
  }
  return lines
}
