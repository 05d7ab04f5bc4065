import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import gdal from 'gdal-async'

export interface TinyBand {
  values: ArrayLike<number>
  name?: string
  nodata?: number
  scale?: number
  offset?: number
  unit?: string
  metadata?: Record<string, string>
}

export interface TinyRaster {
  rows: number
  cols: number
  bands: TinyBand[]
  type?: string
  /** EPSG code; null for none. */
  epsg?: number | null
  wkt?: string
  /** GDAL's six numbers. */
  transform?: number[]
  creation?: string[]
  driver?: string
  metadata?: Record<string, string>
}

export const tinyFolder = (): string => mkdtempSync(join(tmpdir(), 'loam-raster-'))

/** Writes a small raster with GDAL itself, so that the reader is tested against files Loam did not write. */
export function writeTinyRaster(path: string, raster: TinyRaster): string {
  const { rows, cols, bands, type = 'Float32', driver = 'GTiff' } = raster
  const dataset = gdal.drivers.get(driver).create(path, cols, rows, bands.length, type, raster.creation ?? [])
  if (raster.epsg !== null)
    dataset.srs = raster.wkt
      ? gdal.SpatialReference.fromWKT(raster.wkt)
      : gdal.SpatialReference.fromEPSG(raster.epsg ?? 32631)
  dataset.geoTransform = raster.transform ?? [500_000, 10, 0, 5_000_000, 0, -10]
  if (raster.metadata) dataset.setMetadata(raster.metadata)
  bands.forEach((band, i) => {
    const out = dataset.bands.get(i + 1)
    if (band.nodata !== undefined) out.noDataValue = band.nodata
    if (band.scale !== undefined) out.scale = band.scale
    if (band.offset !== undefined) out.offset = band.offset
    if (band.unit !== undefined) out.unitType = band.unit
    if (band.metadata || band.name)
      out.setMetadata({ ...band.metadata, ...(band.name ? { DESCRIPTION: band.name } : {}) })
    out.pixels.write(0, 0, cols, rows, Float64Array.from(band.values))
  })
  dataset.close()
  return path
}
