import type { Grid } from '../../contract/index.ts'
import { crsOf } from './crs.ts'

/** What a file is to say of a band besides its cells. */
export interface BandDescription {
  readonly name: string
  readonly unit?: string
  readonly scale?: number
  readonly offset?: number
  readonly metadata?: Readonly<Record<string, string>>
}

export interface CopyDescription {
  readonly grid: Grid
  /** Raster with the cells, same size and bands. */
  readonly cellsPath: string
  /** Rasters with its overviews, same bands, finest first. */
  readonly overviewPaths?: readonly string[]
  /** GDAL type name: `Float32`. */
  readonly dataType: string
  readonly nodata: number | null
  readonly bands: readonly BandDescription[]
  readonly metadata: Readonly<Record<string, string>>
}

/** A virtual raster that gives the cells of one file with names, units and tags of our own: the binding cannot set a
 *  band's name, a copy of this description can. Keys are sorted, so equal descriptions make equal files. */
export function describedCopy(copy: CopyDescription): string {
  const { rows, cols, transform, crs } = copy.grid
  const size = `rasterXSize="${cols}" rasterYSize="${rows}"`
  const bands = copy.bands.map((band, i) => describedBand(copy, band, i + 1)).join('')
  return (
    `<VRTDataset ${size}><SRS>${xmlText(crsOf(crs).srs.toWKT())}</SRS>` +
    `<GeoTransform>${transform.join(',')}</GeoTransform>${metadataXml(copy.metadata)}${bands}</VRTDataset>`
  )
}

function describedBand(copy: CopyDescription, band: BandDescription, number: number): string {
  const { rows, cols } = copy.grid
  const whole = `xOff="0" yOff="0" xSize="${cols}" ySize="${rows}"`
  const parts = [
    `<Description>${xmlText(band.name)}</Description>`,
    copy.nodata === null ? '' : `<NoDataValue>${Number.isNaN(copy.nodata) ? 'nan' : copy.nodata}</NoDataValue>`,
    band.unit ? `<UnitType>${xmlText(band.unit)}</UnitType>` : '',
    band.scale === undefined ? '' : `<Scale>${band.scale}</Scale>`,
    band.offset === undefined ? '' : `<Offset>${band.offset}</Offset>`,
    metadataXml(band.metadata ?? {}),
    `<SimpleSource><SourceFilename relativeToVRT="0">${xmlText(copy.cellsPath)}</SourceFilename>`,
    `<SourceBand>${number}</SourceBand><SrcRect ${whole}/><DstRect ${whole}/></SimpleSource>`,
    ...(copy.overviewPaths ?? []).map(
      (path) =>
        `<Overview><SourceFilename relativeToVRT="0">${xmlText(path)}</SourceFilename>` +
        `<SourceBand>${number}</SourceBand></Overview>`,
    ),
  ]
  return `<VRTRasterBand dataType="${copy.dataType}" band="${number}">${parts.join('')}</VRTRasterBand>`
}

function metadataXml(metadata: Readonly<Record<string, string>>): string {
  const items = Object.keys(metadata)
    .sort()
    .map((key) => `<MDI key="${xmlText(key)}">${xmlText(metadata[key])}</MDI>`)
  return `<Metadata>${items.join('')}</Metadata>`
}

function xmlText(text: string): string {
  const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (mark) => marks[mark])
}
