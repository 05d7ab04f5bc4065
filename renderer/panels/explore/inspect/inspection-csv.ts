import type { Inspection } from '../../../../main/contract/index.ts'

/** An inspection as two lines of CSV: heads with units, values; empty where there is none. */
export function inspectionCsv({ x, y, crs, day, layers, models }: Inspection): string {
  const cells: [string, string | number | null][] = [
    ['x', x],
    ['y', y],
    ['crs', crs],
    ['date', day],
  ]
  const headed = (name: string, unit: string) => (unit && unit !== '1' ? `${name} [${unit}]` : name)
  for (const { name, unit, value, reason } of layers) {
    cells.push([headed(name, unit), value])
    if (reason) cells.push([`${name} reason`, reason])
  }
  for (const { unit, prediction, interval, coarse, dissimilarity, predictors } of models) {
    cells.push([headed('prediction', unit), prediction])
    if (interval)
      cells.push(
        [headed(`q${interval.levels[0]}`, unit), interval.low],
        [headed(`q${interval.levels[1]}`, unit), interval.high],
      )
    if (coarse) cells.push([headed('coarse', coarse.unit), coarse.value])
    if (dissimilarity)
      cells.push(['dissimilarity', dissimilarity.index], ['dissimilarity threshold', dissimilarity.threshold])
    for (const { name, unit: own, value } of predictors) cells.push([headed(name, own), value])
  }
  const quote = (value: string | number | null) => {
    const text = value === null ? '' : String(value)
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return `${cells.map(([head]) => quote(head)).join(',')}\n${cells.map(([, value]) => quote(value)).join(',')}\n`
}
