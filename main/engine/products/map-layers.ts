/** A map beside that of the mean. */
export interface MapLayer {
  /** In file names: q05, q50, q975, sd. */
  readonly name: string
  /** In words, after the quantity. */
  readonly words: string
  /** Null for the standard deviation and the index. */
  readonly quantile: number | null
  /** Of the map rather than of its quantity: without unit, and stored as float32 whatever the map is. */
  readonly isIndex: boolean
}

/** The maps of an interval: one for each quantile, and the standard deviation. */
export function intervalLayers(quantiles: readonly number[]): MapLayer[] {
  if (quantiles.length === 0) return []
  const ofQuantile = (quantile: number): MapLayer => ({
    name: `q${String(quantile).slice(2).padEnd(2, '0')}`,
    words: `${Number((100 * quantile).toPrecision(6))} % quantile`,
    quantile,
    isIndex: false,
  })
  return [...quantiles.map(ofQuantile), { name: 'sd', words: 'standard deviation', quantile: null, isIndex: false }]
}

/** How unlike the training data each cell is. */
export const dissimilarityLayer: MapLayer = {
  name: 'di',
  words: 'dissimilarity index',
  quantile: null,
  isIndex: true,
}

/** Area mean of the corrected map − coarse value, on the coarse grid. */
export const closureLayer: MapLayer = {
  name: 'closure',
  words: 'difference from the coarse product',
  quantile: null,
  isIndex: false,
}

/** All maps on the fine grid beside that of the mean, in the order of their files. */
export function productLayers(product: {
  readonly intervals?: readonly number[]
  readonly applicability?: boolean
}): MapLayer[] {
  return [...intervalLayers(product.intervals ?? []), ...(product.applicability ? [dissimilarityLayer] : [])]
}

/** The same, and the closure map where the product has one. */
export function publishedLayers(
  product: Parameters<typeof productLayers>[0] & { readonly residual?: { readonly closureMap?: boolean } },
): MapLayer[] {
  return [...productLayers(product), ...(product.residual?.closureMap ? [closureLayer] : [])]
}

/** What a layer is called in its file. */
export function layerQuantity(quantity: string, layer: MapLayer): string {
  return layer.isIndex ? layer.words : `${quantity}, ${layer.words}`
}

/** `map_q05.tif` beside `map.tif`. */
export function layerPath(path: string, layer: MapLayer): string {
  const [, stem, ending] = /^(.*?)(\.[^./\\]*)?$/s.exec(path)!
  return `${stem}_${layer.name}${ending ?? ''}`
}
