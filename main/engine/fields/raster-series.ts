import { LoamError, reasonCodes } from '../../contract/index.ts'
import type { Day, FieldExpression, Kind, RasterDataset, Scene } from '../../contract/index.ts'
import { blankBlock } from './blocks.ts'
import { makeField } from './compiled-field.ts'
import type { CompiledField, Compiling } from './compiled-field.ts'
import { cellText } from './derive.ts'
import { nameHint } from './near-names.ts'

type Series = Extract<FieldExpression, { series: string }>

/** One variable of a raster dataset, on its dates or static.
 *  @throws unknown_name, conflicting_dates */
export function rasterSeries(expression: Series, at: Compiling): CompiledField {
  const dataset = at.context.datasets.get(expression.series)
  if (!dataset)
    throw new LoamError(
      'unknown_name',
      `Field "${at.path}" asks for raster dataset "${expression.series}", which the project does not have. ${nameHint(expression.series, [...at.context.datasets.keys()])}`,
      { field: at.path, name: expression.series },
    )
  return seriesOf(dataset, variableIndex(dataset, expression.variable, at), expression, at)
}

function variableIndex(dataset: RasterDataset, name: string | undefined, at: Compiling): number {
  const names = dataset.variables.map((variable) => variable.name)
  if (name === undefined && names.length === 1) return 0
  const index = name === undefined ? -1 : names.indexOf(name)
  if (index >= 0) return index
  const found = name === undefined ? 'does not say which' : `asks for "${name}"`
  throw new LoamError(
    'unknown_name',
    `Field "${at.path}": dataset "${dataset.name}" has the variables ${names.join(', ')}; the field ${found}. ${name === undefined ? `Write "${dataset.name}.${names[0]}" or give \`variable\`.` : nameHint(name, names)}`,
    { field: at.path, dataset: dataset.name },
  )
}

function seriesOf(dataset: RasterDataset, index: number, expression: Series, at: Compiling): CompiledField {
  const variable = dataset.variables[index]
  const scenes = scenesByDay(dataset, index, at)
  const isStatic = scenes.has('static')
  const sceneOn = (day: Day): Scene | undefined => scenes.get(isStatic ? 'static' : day)
  const content = (scene: Scene): unknown[] => [dataset.files[scene.file].sha256, scene.subdataset, scene.band]
  const kind: Kind = expression.kind ?? variable.kind
  const { scale, offset, nodata, validRange } = variable
  const reading = { form: 'series/1', scale, offset, nodata: nodata.filter(Number.isFinite), validRange }
  const cell = cellText(dataset.grid)
  return makeField(
    {
      unit: variable.unit,
      kind,
      times: isStatic ? 'static' : (([...scenes.keys()] as Day[]).sort() as Day[]),
      nativeGrid: dataset.grid,
      statedFraction: expression.minValidFraction ?? null,
      origin: { dataset: dataset.name, variable: variable.name, cell },
      lineage: `${variable.name} of dataset ${dataset.name} (${cell})`,
      identity: { ...reading, scenes: [...scenes].sort().map(([day, scene]) => [day, ...content(scene)]) },
      identityOn(day) {
        const scene = sceneOn(day)
        return { ...reading, scene: scene ? content(scene) : null }
      },
      absence: (day) => (sceneOn(day) ? reasonCodes.none : reasonCodes.no_scene),
      async compute(window, day, signal) {
        const scene = sceneOn(day)
        if (!scene) return blankBlock(window, reasonCodes.no_scene)
        const { subdataset, band } = scene
        const path = dataset.files[scene.file].path
        const source = { path, subdataset, band, grid: dataset.grid, scale, offset, nodata, validRange }
        return at.context.reader.read(source, window, signal)
      },
    },
    at,
  )
}

function scenesByDay(dataset: RasterDataset, variable: number, at: Compiling): Map<Day | 'static', Scene> {
  const scenes = new Map<Day | 'static', Scene>()
  const name = `${dataset.name}.${dataset.variables[variable].name}`
  for (const scene of dataset.scenes) {
    if (scene.variable !== variable) continue
    const day = scene.day ?? 'static'
    const other = scenes.get(day)
    if (other) throw conflict(`two rasters ${day === 'static' ? 'without a date' : `on ${day}`}`, [other, scene])
    scenes.set(day, scene)
  }
  const undated = scenes.get('static')
  if (undated && scenes.size > 1) {
    const dated = [...scenes.values()].find((scene) => scene.day !== null)!
    throw conflict('rasters with and without a date', [undated, dated])
  }
  if (scenes.size === 0)
    throw new LoamError(
      'no_dates',
      `Field "${at.path}": no file of the project holds "${name}". Add its rasters, or leave the variable out.`,
      { field: at.path },
    )
  return scenes

  function conflict(found: string, pair: readonly Scene[]): LoamError {
    const places = pair.map((scene) => {
      const parts = [dataset.files[scene.file].path, scene.subdataset, `band ${scene.band}`]
      return parts.filter(Boolean).join(', ')
    })
    return new LoamError(
      'conflicting_dates',
      `Field "${at.path}": "${name}" has ${found} (${places.join(' and ')}); one raster a date was needed. Remove one of them from the dataset, or add them as two datasets.`,
      { field: at.path, files: places },
    )
  }
}
