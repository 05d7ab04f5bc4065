import type { Day, RasterDataset, RasterVariable, Scene } from '../../contract/index.ts'
import { crsName, gridExtent, isGeographic, metresPerUnit } from '../raster/index.ts'
import type { BandDescription, RasterDescription, RasterLayer } from '../raster/index.ts'
import { formatStationDescription } from '../stations/index.ts'
import type { FileDescription } from './file-description.ts'

const mostVariables = 24

/** A description in words, for the terminal. Lines with `-` are assumptions and repairs, lines with `?` doubts. */
export function formatDescription(description: FileDescription): string {
  if (description.kind === 'stations') return formatStationDescription(description.stations)
  const { raster, understood, refusal } = description
  const lines = [`${description.path}: ${raster.isBigTiff ? 'BigTIFF' : raster.format}, ${bytesText(raster.bytes)}`]
  if (!understood)
    return [
      ...lines,
      ...raster.layers.flatMap((layer) => [`  ${layer.subdataset || 'raster'}:`, `  ${gridLine(layer.grid)}`]),
      `  cannot be added as it is: ${refusal}`,
    ].join('\n')
  lines.push(gridLine(understood.grid), placeLine(understood.grid), datesLine(understood.scenes, understood.dateRule))
  for (const [v, variable] of understood.variables.slice(0, mostVariables).entries())
    lines.push(
      variableLine(
        variable,
        bandOf(
          raster,
          understood.scenes.find((scene) => scene.variable === v),
        ),
      ),
    )
  if (understood.variables.length > mostVariables)
    lines.push(`  … and ${understood.variables.length - mostVariables} more variables`)
  lines.push(storageLine(raster.layers[0]))
  lines.push(...understood.notes.map((note) => `  - ${note}`), ...understood.doubts.map((doubt) => `  ? ${doubt}`))
  return lines.join('\n')
}

/** A dataset in words, as it was recorded. */
export function formatDataset(dataset: RasterDataset): string {
  const bytes = dataset.files.reduce((sum, file) => sum + file.bytes, 0)
  return [
    `${dataset.name}: ${dataset.files.length} file${dataset.files.length === 1 ? '' : 's'}, ${bytesText(bytes)}`,
    gridLine(dataset.grid),
    placeLine(dataset.grid),
    datesLine(dataset.scenes, dataset.dateRule),
    ...dataset.variables.slice(0, mostVariables).map((variable) => variableLine(variable, null)),
    ...(dataset.variables.length > mostVariables
      ? [`  … and ${dataset.variables.length - mostVariables} more variables`]
      : []),
    ...dataset.notes.map((note) => `  - ${note}`),
  ].join('\n')
}

function bandOf(raster: RasterDescription, scene: Scene | undefined): BandDescription | null {
  const layer = raster.layers.find(({ subdataset }) => subdataset === scene?.subdataset)
  return layer?.bands.find(({ band }) => band === scene?.band) ?? null
}

function gridLine(grid: RasterDataset['grid']): string {
  const [, width, , , , height] = grid.transform
  const unit = isGeographic(grid.crs) ? '°' : metresPerUnit(grid.crs) === 1 ? ' m' : ' CRS units'
  const code = grid.crs.startsWith('EPSG:') ? ` (${grid.crs})` : ' (no EPSG code)'
  return (
    `  grid: ${grid.rows} rows × ${grid.cols} columns of ${short(width)} × ${short(-height)}${unit}, ` +
    `${crsName(grid.crs)}${code}`
  )
}

function placeLine(grid: RasterDataset['grid']): string {
  const [west, south, east, north] = gridExtent(grid).map((edge) => short(edge, 8))
  return `  place: west ${west}, south ${south}, east ${east}, north ${north}`
}

function datesLine(scenes: readonly Scene[], rule: string): string {
  const days = [...new Set(scenes.map((scene) => scene.day))].filter((day): day is Day => day !== null).sort()
  if (days.length === 0) return `  dates: none (${rule})`
  const span = days.length === 1 ? days[0] : `${days.length} from ${days[0]} to ${days[days.length - 1]}`
  return `  dates: ${span} (${rule})`
}

function variableLine(variable: RasterVariable, band: BandDescription | null): string {
  const parts: string[] = [variable.kind]
  if (band) parts.unshift(band.type)
  if (variable.scale !== 1 || variable.offset !== 0)
    parts.push(
      `value = stored × ${short(variable.scale)}${variable.offset === 0 ? '' : ` + ${short(variable.offset)}`}`,
    )
  parts.push(
    variable.nodata.length > 0
      ? `no value: ${variable.nodata.map((number) => short(number)).join(', ')}`
      : 'no nodata value',
  )
  if (variable.validRange) parts.push(`valid ${variable.validRange.map((end) => short(end)).join(' to ')}`)
  if (band && band.sample.minimum !== null && band.sample.maximum !== null) {
    const share = Math.round((100 * band.sample.valid) / band.sample.seen)
    parts.push(`seen ${short(band.sample.minimum)} to ${short(band.sample.maximum)} in ${share} % of the cells`)
  } else if (band) parts.push('no value seen')
  const unit = variable.unit === '' ? 'unit not stated' : variable.unit
  const words = variable.description === '' ? '' : ` — ${variable.description}`
  return `  variable: ${variable.name}, ${unit}; ${parts.join('; ')}${words}`
}

function storageLine(layer: RasterLayer): string {
  const shape = layer.isTiled ? 'tiles' : 'strips'
  const overviews = layer.overviews > 0 ? `, ${layer.overviews} overviews` : ''
  return (
    `  stored: ${layer.bands[0].type} in ${shape} of ${layer.blockRows} × ${layer.blockCols}, ` +
    `${layer.compression === '' ? 'not compressed' : layer.compression}${overviews}`
  )
}

function bytesText(bytes: number): string {
  if (bytes < 1e3) return `${bytes} bytes`
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
}

function short(value: number, digits = 6): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value)
  return String(Number(value.toPrecision(digits)))
}
