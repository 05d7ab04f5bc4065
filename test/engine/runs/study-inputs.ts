import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dayNumber, dayOfYear } from '../../../main/contract/index.ts'
import type { Day, Grid, Kind } from '../../../main/contract/index.ts'
import type { Engine } from '../../../main/engine/engine.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { writeGeoTiff } from '../../../main/engine/raster/index.ts'

/** One place on one date of a made-up land, from which every product takes its numbers. */
export interface Spot {
  /** Share of the way from west to east, and from north to south. */
  readonly u: number
  readonly v: number
  /** Days since 1970; 0 for what is static. */
  readonly t: number
  /** Soil moisture, m³ m⁻³. */
  readonly wet: number
  readonly height: number
  /** Standard normal. */
  noise(): number
}

export interface StudyVariable {
  readonly name: string
  readonly unit: string
  readonly kind?: Kind
  readonly value: (spot: Spot) => number
}

export interface StudyProduct {
  readonly name: string
  /** Side of a cell, metres. */
  readonly cell: number
  /** Undefined: static. */
  readonly days?: readonly Day[]
  readonly variables: readonly StudyVariable[]
}

export interface StudyStations {
  readonly name: string
  readonly variable: string
  /** From and to, metres. */
  readonly depth: readonly [number, number]
  readonly days: readonly Day[]
  readonly count: number
  readonly value: (spot: Spot) => number
}

/** A small square of made-up land in a study's place. */
export interface StudyLand {
  readonly crs: string
  /** West, north and side, metres. */
  readonly west: number
  readonly north: number
  readonly side: number
  readonly products: readonly StudyProduct[]
  readonly stations: readonly StudyStations[]
}

/** Heights of some hundred metres, in waves that the moisture follows in part. */
const heightAt = (u: number, v: number): number => 1000 + 300 * Math.sin(5 * u + 1) * Math.cos(4 * v)

/** Wetter in hollows, in patches and some days after rain. */
const wetnessAt = (u: number, v: number, t: number): number =>
  0.24 + 0.06 * Math.sin(7 * u) * Math.sin(6 * v + 1) - 0.00008 * (heightAt(u, v) - 1000) + 0.04 * Math.sin(t / 4)

/** Writes every product of a land and adds all of them to a project, under the names the study's recipe uses. */
export async function addStudy(engine: Engine, folder: string, land: StudyLand): Promise<void> {
  for (const [p, product] of land.products.entries()) {
    const random = new Random(100 + p)
    const days: readonly (Day | null)[] = product.days ?? [null]
    const place = join(folder, product.name)
    mkdirSync(place, { recursive: true })
    for (const day of days) {
      const name = day === null ? product.name : `${product.name}_${day.replaceAll('-', '')}`
      await writeGeoTiff(join(place, `${name}.tif`), {
        grid: gridOf(land, product.cell),
        bands: bandsOf(land, product, day, random),
      })
    }
    await engine.addRasters({
      name: product.name,
      paths: [place],
      dateRule: product.days ? 'YYYYMMDD' : 'static',
      overridesOf: Object.fromEntries(product.variables.map(({ name, kind }) => [name, kind ? { kind } : {}])),
    })
  }
  for (const set of land.stations) {
    const random = new Random(7)
    const places = ['station,easting,northing']
    const rows = ['station,date,depth_from_m,depth_to_m,' + set.variable]
    for (let s = 0; s < set.count; s++) {
      const [u, v] = [random.uniform(), random.uniform()]
      places.push(`${set.name}${s},${land.west + u * land.side},${land.north - v * land.side}`)
      for (const day of set.days)
        rows.push(
          `${set.name}${s},${day},${set.depth.join(',')},${set.value(spotAt(u, v, dayNumber(day), random)).toFixed(4)}`,
        )
    }
    const stationsFile = join(folder, `${set.name}-places.csv`)
    writeFileSync(stationsFile, `${places.join('\n')}\n`)
    writeFileSync(join(folder, `${set.name}.csv`), `${rows.join('\n')}\n`)
    await engine.addStations({
      format: 'table',
      name: set.name,
      path: join(folder, `${set.name}.csv`),
      table: { stationsFile, crs: land.crs, daily: { statistic: 'mean', minCount: 1, flags: null, timeZone: 'UTC' } },
    })
  }
}

/** Turn of the year, radians. */
export const season = ({ t }: Spot): number =>
  (2 * Math.PI * dayOfYear(new Date(t * 86_400_000).toISOString().slice(0, 10) as Day)) / 365

function gridOf({ crs, west, north, side }: StudyLand, cell: number): Grid {
  const count = Math.round(side / cell)
  return { crs, transform: [west, cell, 0, north, 0, -cell], rows: count, cols: count }
}

function bandsOf(land: StudyLand, { cell, variables }: StudyProduct, day: Day | null, random: Random) {
  const { rows, cols } = gridOf(land, cell)
  const t = day === null ? 0 : dayNumber(day)
  return variables.map(({ name, unit, value, kind }) => {
    const values = new Float32Array(rows * cols)
    for (let row = 0; row < rows; row++)
      for (let col = 0; col < cols; col++)
        values[row * cols + col] = value(spotAt((col + 0.5) / cols, (row + 0.5) / rows, t, random))
    return {
      name,
      unit,
      values: kind === 'categorical' ? Float32Array.from(values, Math.round) : values,
      nodata: Number.NaN,
    }
  })
}

function spotAt(u: number, v: number, t: number, random: Random): Spot {
  return { u, v, t, wet: wetnessAt(u, v, t), height: heightAt(u, v), noise: () => random.normal() }
}
