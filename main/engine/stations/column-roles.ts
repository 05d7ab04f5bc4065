import { LoamError } from '../../contract/index.ts'

/** Heading patterns by role, best first. Headings are compared in lower case, with `_` for anything but letters and digits. */
export const roleNames = {
  station: [
    'station',
    'station_id',
    'stationid',
    'station_name',
    'site',
    'site_id',
    'siteid',
    'stn',
    'plot',
    'plot_id',
    'probe_id',
    'sensor_id',
    'location_id',
    'location',
    'point_id',
    'well',
    'well_id',
    'sourceid',
    'source_id',
    'id',
    'name',
  ],
  network: ['network'],
  date: [
    'time_utc',
    'datetime_utc',
    'timestamp_utc',
    'date_utc',
    'utc',
    'datetime',
    'date_time',
    'timestamp',
    'measurement_time',
    'observed_at',
    'observation_time',
    'tmstamp',
    'date',
    'day',
    'obs_date',
    'date_start',
    'start_date',
    'time',
    'timestamp_local',
    'local_time',
    'epoch',
    'datum',
  ],
  timeOfDay: ['time', 'time_of_day', 'hour', 'hh_mm', 'time_local', 'time_utc'],
  year: ['year', 'yyyy', 'yr'],
  month: ['month', 'mm', 'mo'],
  dayOfMonth: ['day', 'dd', 'day_of_month'],
  dayOfYear: ['doy', 'day_of_year', 'yday', 'julian', 'julian_day', 'jday', 'ddd'],
  variable: ['variable', 'parameter', 'quantity', 'var'],
  value: ['value', 'val', 'observation', 'measurement', 'reading'],
  unit: ['unit', 'units'],
  flag: ['flag', 'flags', 'qc', 'qc_flag', 'qflag', 'quality', 'quality_flag'],
  depth: [
    'depth',
    'depth_m',
    'depth_cm',
    'depth_mm',
    'depth_from',
    'depth_from_m',
    'depth_from_cm',
    'depth_top',
    'depth_top_m',
    'depth_top_cm',
    'upper_depth',
    'upper_depth_cm',
    'sensor_depth',
    'sensor_depth_cm',
    'sensor_depth_m',
  ],
  depthTo: [
    'depth_to',
    'depth_to_m',
    'depth_to_cm',
    'depth_bottom',
    'depth_bottom_m',
    'depth_bottom_cm',
    'lower_depth',
    'lower_depth_cm',
  ],
  lon: ['lon', 'longitude', 'long', 'lng', 'lon_deg', 'lon_wgs84'],
  lat: ['lat', 'latitude', 'lat_deg', 'lat_wgs84'],
  x: ['easting', 'x', 'utm_e', 'east', 'x_m', 'easting_m', 'xcoord', 'x_coord', 'utm_x'],
  y: ['northing', 'y', 'utm_n', 'north', 'y_m', 'northing_m', 'ycoord', 'y_coord', 'utm_y'],
  periodEnd: ['date_end', 'end_date', 'period_end', 'time_end', 'end'],
  sensor: ['sensor', 'sensor_id', 'sensor_name', 'sensor_file', 'probe', 'probe_id', 'instrument', 'replicate', 'rep'],
  elevation: ['elevation', 'elev', 'elev_m', 'elevation_m', 'altitude', 'alt', 'alt_m', 'z'],
} satisfies Record<string, string[]>
export type Role = keyof typeof roleNames

/** A heading in lower case with `_` for anything but letters and digits. */
export function plainHeading(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '')
}

/** Index of the column that its heading makes the best candidate for a role. */
export function columnFor(role: Role, headings: string[], taken: ReadonlySet<number> = new Set()): number | null {
  const plain = headings.map(plainHeading)
  for (const name of roleNames[role]) {
    const index = plain.findIndex((heading, i) => heading === name && !taken.has(i))
    if (index >= 0) return index
  }
  return null
}

/** @throws unknown_name */
export function columnNamed(path: string, headings: string[], name: string): number {
  const exact = headings.indexOf(name.trim())
  const index = exact >= 0 ? exact : headings.findIndex((heading) => plainHeading(heading) === plainHeading(name))
  if (index >= 0) return index
  throw new LoamError(
    'unknown_name',
    `${path} has no column "${name}". Its columns are ${quoted(headings)}. Name one of these.`,
    { file: path, column: name },
  )
}

/** Headings in quotes, at most a dozen. */
export function quoted(headings: readonly string[]): string {
  const shown = headings
    .slice(0, 12)
    .map((heading) => `"${heading}"`)
    .join(', ')
  return headings.length > 12 ? `${shown} and ${headings.length - 12} more` : shown
}
