import type { Command } from 'commander'
import { LoamError } from '../contract/index.ts'
import type { PointTable } from '../engine/geostatistics/index.ts'

/** The options that say which points of which table. */
export function pointOptions(command: Command): Command {
  return command
    .requiredOption('--points <csv>', 'table with a row for each point')
    .requiredOption('--value <column>', 'heading of the values')
    .requiredOption('--crs <crs>', 'of the coordinates, such as EPSG:28992')
    .option('--x <column>', 'heading of the easting or longitude', 'x')
    .option('--y <column>', 'heading of the northing or latitude', 'y')
    .option('--log', 'work with the natural logarithm of the values; results are logarithms too')
    .option('--great-circle', 'coordinates are degrees; lags and ranges are great-circle metres')
    .option('--duplicates <rule>', 'mean: average several values at one place; default refuse', 'refuse')
}

/** @throws usage */
export function pointTableOf(options: Record<string, unknown>): PointTable {
  const { duplicates } = options
  if (duplicates !== 'refuse' && duplicates !== 'mean')
    throw new LoamError('usage', `--duplicates "${String(duplicates)}" is unknown. It takes refuse, mean.`)
  return {
    path: String(options.points),
    value: String(options.value),
    x: String(options.x),
    y: String(options.y),
    crs: String(options.crs),
    log: options.log === true,
    greatCircle: options.greatCircle === true,
    duplicates,
  }
}

/** A number above 0 given to an option; undefined if it is not given.
 *  @throws usage */
export function lengthOf(option: string, given: unknown): number | undefined {
  if (given === undefined) return undefined
  const number = Number(given)
  if (number > 0 && number < Infinity) return number
  throw new LoamError('usage', `${option} "${String(given)}" is no length; it needs a number above 0.`)
}
