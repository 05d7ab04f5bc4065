/** A map beside that of the mean. */
export interface MapLayer {
  /** In file names: q05, q50, q975, sd. */
  readonly name: string
  /** In words, after the quantity. */
  readonly words: string
  /** Null for the standard deviation. */
  readonly quantile: number | null
}

/** The maps of an interval: one for each quantile, and the standard deviation. */
export function intervalLayers(quantiles: readonly number[]): MapLayer[] {
  if (quantiles.length === 0) return []
  const ofQuantile = (quantile: number): MapLayer => ({
    name: `q${String(quantile).slice(2).padEnd(2, '0')}`,
    words: `${Number((100 * quantile).toPrecision(6))} % quantile`,
    quantile,
  })
  return [...quantiles.map(ofQuantile), { name: 'sd', words: 'standard deviation', quantile: null }]
}

/** `map_q05.tif` beside `map.tif`. */
export function layerPath(path: string, layer: MapLayer): string {
  const [, stem, ending] = /^(.*?)(\.[^./\\]*)?$/s.exec(path)!
  return `${stem}_${layer.name}${ending ?? ''}`
}
