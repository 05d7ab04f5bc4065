import type { DraftFolds } from '../../../main/contract/index.ts'
import type { Overlay } from '../../map/overlay/overlays.ts'

/** Colours of folds, apart under each colour vision; beyond ten they repeat, and the number stands in the label. */
const hues: readonly (readonly [number, number, number])[] = [
  [15, 95, 115],
  [200, 122, 48],
  [102, 141, 222],
  [125, 84, 114],
  [44, 107, 63],
  [168, 50, 31],
  [33, 31, 109],
  [138, 131, 60],
  [84, 62, 160],
  [60, 60, 60],
]

export function foldColour(fold: number): readonly [number, number, number] {
  return fold < 0 ? [140, 134, 124] : hues[fold % hues.length]
}

export const foldCss = (fold: number): string => `rgb(${foldColour(fold).join(' ')})`

/** More numbers than this would lie on each other. */
const mostLabels = 80

/** Stations as dots, cells as squares, in the colour and with the number of the fold that tests them. */
export function foldOverlay({ places }: DraftFolds): Overlay {
  const hasLabels = places.length <= mostLabels
  const label = (fold: number) => (hasLabels && fold >= 0 ? String(fold + 1) : undefined)
  const cells = places.filter(({ side }) => side > 0)
  return {
    id: 'folds',
    polygons: cells.map(({ x, y, side, fold }) => ({
      ring: [
        [x - side / 2, y - side / 2],
        [x + side / 2, y - side / 2],
        [x + side / 2, y + side / 2],
        [x - side / 2, y + side / 2],
      ],
      fill: [...foldColour(fold), 110] as const,
      stroke: [...foldColour(fold), 255] as const,
      width: 1,
      label: label(fold),
    })),
    points: places
      .filter(({ side }) => side === 0)
      .map(({ x, y, fold }) => ({ x, y, fill: [...foldColour(fold), 255] as const, radius: 6, label: label(fold) })),
  }
}
