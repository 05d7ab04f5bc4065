import type { Day } from '../../contract/index.ts'
import { cfTimeAxis } from './cf-time.ts'
import { withStructure } from './multidim.ts'

export interface BandPlaceInTime {
  readonly day: Day | null
  /** Extra dimensions besides time: `SoilMoist_profiles=1`; empty when there are none or they have one value. */
  readonly level: string
}

/** The place of each band of a NetCDF variable on its extra dimensions.
 *  @param bands metadata of each band (`NETCDF_DIM_time`), in order
 *  @param dataset metadata of the dataset (`time#units`)
 *  @returns one entry a band, and how the dates were found; empty text when there is no time axis */
export function bandDates(
  bands: readonly Readonly<Record<string, string>>[],
  dataset: Readonly<Record<string, string>>,
): { places: BandPlaceInTime[]; rule: string; notes: string[] } {
  const names = new Set<string>()
  for (const band of bands)
    for (const key of Object.keys(band)) if (key.startsWith('NETCDF_DIM_')) names.add(key.slice('NETCDF_DIM_'.length))
  let time = ''
  let rule = ''
  let axis: ReturnType<typeof cfTimeAxis> = null
  for (const name of names) {
    const found = cfTimeAxis(dataset[`${name}#units`] ?? '', dataset[`${name}#calendar`] ?? '')
    if (!found || axis) continue
    axis = found
    time = name
    rule = `NetCDF time axis, ${found.description}`
  }
  const levels = [...names].filter(
    (name) => name !== time && new Set(bands.map((band) => band[`NETCDF_DIM_${name}`])).size > 1,
  )
  let lost = 0
  const places = bands.map((band) => {
    const text = band[`NETCDF_DIM_${time}`]
    const day = axis && text !== undefined ? axis.day(Number(text)) : null
    if (axis && day === null) lost++
    return { day, level: levels.map((name) => `${name}=${band[`NETCDF_DIM_${name}`]}`).join(', ') }
  })
  const notes =
    lost > 0 ? [`${lost} of ${bands.length} times are no date of the Gregorian calendar and are left out.`] : []
  return { places, rule, notes }
}

/** The date of a file that has one time for all of its variables; null when it has none or several. */
export async function fileDate(path: string): Promise<{ day: Day; rule: string } | null> {
  return withStructure(path, (structure) => {
    for (const array of structure.arrays) {
      if (array.dimensions.length !== 1 || array.dimensions[0].size !== 1) continue
      const axis = cfTimeAxis(array.unit, array.calendar)
      const value = axis && structure.read(array.name)?.[0]
      const day = axis && typeof value === 'number' ? axis.day(value) : null
      if (axis && day) return { day, rule: `NetCDF time, ${axis.description}` }
    }
    return null
  })
}
