import { reasonCodes } from '../../contract/index.ts'
import type { Day, Grid } from '../../contract/index.ts'
import { footprint } from './footprint.ts'

export interface StacLayer {
  /** Key of the asset: q05. */
  readonly name: string
  /** soil moisture, 5 % quantile. */
  readonly title: string
  /** Of the map, or its own. */
  readonly unit: string
  readonly encoding: 'float32' | 'int16'
  readonly href: string
  readonly sha256: string
}

export interface StacItemOptions {
  readonly id: string
  readonly grid: Grid
  readonly day: Day
  /** Where the map lies, relative to the item. */
  readonly href: string
  /** Of the map's file, hex. */
  readonly sha256: string
  readonly quantity: string
  readonly unit: string
  readonly encoding: 'float32' | 'int16'
  /** Maps beside it, as those of quantiles, on the same grid. */
  readonly layers?: readonly StacLayer[]
  /** Further properties, such as `loam:plan`. */
  readonly properties: Readonly<Record<string, string | number | null>>
}

const stored = {
  float32: { data_type: 'float32', nodata: 'nan', scale: 1, offset: 0 },
  int16: { data_type: 'int16', nodata: -32768, scale: 0.0001, offset: 0 },
} as const

/** One daily map as a STAC 1.0 item, plain JSON. `datetime` is the day's start, UTC; the map stands for the whole day.
 *  Extensions: projection 1.1 (`proj:transform` in affine order), raster 1.1, classification 1.1, file 2.1. */
export function stacItem(options: StacItemOptions): Record<string, unknown> {
  const { id, grid, day, href, sha256, quantity, unit, encoding, layers = [], properties } = options
  const { bbox, geometry } = footprint(grid)
  const [x, width, xPerRow, y, yPerCol, height] = grid.transform
  const code = /^EPSG:(\d+)$/.exec(grid.crs)
  const asset = (file: Omit<StacLayer, 'name'>): Record<string, unknown> => {
    const { scale, offset, ...cells } = stored[file.encoding]
    return {
      href: file.href,
      type: 'image/tiff; application=geotiff; profile=cloud-optimized',
      title: file.title,
      roles: ['data'],
      // A multihash: 0x12 is SHA2-256, 0x20 its length in bytes.
      'file:checksum': `1220${file.sha256}`,
      'raster:bands': [
        { name: file.title, unit: file.unit, ...cells, scale, offset },
        {
          name: 'reason',
          ...cells,
          'classification:classes': Object.entries(reasonCodes).map(([name, value]) => ({
            value,
            name,
            description: name.replaceAll('_', ' '),
          })),
        },
      ],
    }
  }
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    stac_extensions: [
      'https://stac-extensions.github.io/projection/v1.1.0/schema.json',
      'https://stac-extensions.github.io/raster/v1.1.0/schema.json',
      'https://stac-extensions.github.io/classification/v1.1.0/schema.json',
      'https://stac-extensions.github.io/file/v2.1.0/schema.json',
    ],
    id,
    bbox,
    geometry,
    properties: {
      title: `${quantity}, ${day}`,
      datetime: `${day}T00:00:00Z`,
      start_datetime: `${day}T00:00:00Z`,
      end_datetime: `${day}T23:59:59Z`,
      'proj:epsg': code ? Number(code[1]) : null,
      // Without a code the field is null and the text tells; the text may be WKT 1, which readers of WKT 2 accept.
      ...(code ? {} : { 'proj:wkt2': grid.crs }),
      'proj:shape': [grid.rows, grid.cols],
      'proj:transform': [width, xPerRow, x, yPerCol, height, y],
      ...properties,
    },
    links: [],
    assets: {
      map: asset({ href, sha256, title: quantity, unit, encoding }),
      ...Object.fromEntries(layers.map((layer) => [layer.name, asset(layer)])),
    },
  }
}
