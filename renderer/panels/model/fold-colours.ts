import type { DraftFolds } from '../../../main/contract/index.ts'
import type { Colour, Overlay } from '../../map/overlay/overlays.ts'

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

/** Ink of what is sealed: no colour of a fold, and seen on land and on data. */
const sealedInk: readonly [Colour, Colour] = [
  [31, 29, 26, 255],
  [235, 232, 225, 255],
]

/** Stations as dots, cells as squares, in the colour and with the number of the fold that tests them; what is sealed is hatched.
 *  @param stations that are sealed, in the folds' CRS */
export function foldOverlay(
  { places, sealed }: DraftFolds,
  stations: readonly { readonly x: number; readonly y: number }[],
  isDark: boolean,
): Overlay {
  const hasLabels = places.length <= mostLabels
  const label = (fold: number) => (hasLabels && fold >= 0 ? String(fold + 1) : undefined)
  const cells = places.filter(({ side }) => side > 0)
  const ink = sealedInk[isDark ? 1 : 0]
  return {
    id: 'folds',
    polygons: [
      ...cells.map(({ x, y, side, fold }) => ({
        ring: [
          [x - side / 2, y - side / 2],
          [x + side / 2, y - side / 2],
          [x + side / 2, y + side / 2],
          [x - side / 2, y + side / 2],
        ] as const,
        fill: [...foldColour(fold), 110] as const,
        stroke: [...foldColour(fold), 255] as const,
        width: 1,
        label: label(fold),
      })),
      ...(sealed?.corners ? hatched(sealed.corners, ink) : []),
    ],
    points: [
      ...places
        .filter(({ side }) => side === 0)
        .map(({ x, y, fold }) => ({
          x,
          y,
          fill: [...foldColour(fold), 255] as const,
          radius: 6,
          label: label(fold),
        })),
      // Strokes across a dot are its hatching: a pattern has no room there.
      ...stations.map(({ x, y }) => ({ x, y, fill: ink, radius: 10, label: '//' })),
    ],
  }
}

const strokes = 24

/** Lines across a rectangle, which need not be upright once it is on another CRS. */
function hatched(corners: readonly (readonly [number, number])[], ink: Colour): Overlay['polygons'][number][] {
  const [a, b, c, d] = corners
  const at = (u: number, v: number): [number, number] => [
    (1 - u) * (1 - v) * a[0] + u * (1 - v) * b[0] + u * v * c[0] + (1 - u) * v * d[0],
    (1 - u) * (1 - v) * a[1] + u * (1 - v) * b[1] + u * v * c[1] + (1 - u) * v * d[1],
  ]
  const lines = Array.from({ length: strokes - 1 }, (_, i) => {
    const sum = (2 * (i + 1)) / strokes
    const [from, to] = [Math.max(0, sum - 1), Math.min(1, sum)]
    return [at(from, sum - from), at(to, sum - to)]
  })
  return [
    { ring: corners, fill: null, stroke: ink, width: 2, label: 'sealed' },
    ...lines.map((ring) => ({ ring, fill: null, stroke: ink, width: 1 })),
  ]
}
