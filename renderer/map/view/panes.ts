import type { Day, TiledLayer } from '../../../main/contract/index.ts'
import type { LayerLook } from '../colour/layer-look.ts'

/** A layer that is ready to be drawn. */
export interface DrawnLayer {
  /** Of the workspace's layer. */
  readonly id: string
  readonly name: string
  readonly tiled: TiledLayer
  readonly look: LayerLook
}

/** A layer on a day, and the part of the pane's width it fills. */
export interface PaneLayer {
  readonly layer: DrawnLayer
  readonly day: Day | null
  readonly clip: readonly [number, number]
}

/** One picture of the stage. Layers are in drawing order: the last one lies on top. */
export interface MapPane {
  readonly id: string
  /** Shown in the corner; empty for a single picture. */
  readonly title: string
  /** a, b, c … for a figure's caption; empty for a single picture. */
  readonly letter: string
  readonly layers: readonly PaneLayer[]
}

export type CompareMode = 'single' | 'swipe' | 'side' | 'grid' | 'difference'

interface CompareInput {
  readonly mode: CompareMode
  /** Visible layers in drawing order. */
  readonly layers: readonly DrawnLayer[]
  readonly day: Day | null
  /** Layer ids; null: the two uppermost. */
  readonly a: string | null
  readonly b: string | null
  /** Place of the swipe handle, 0–1. */
  readonly swipe: number
  /** The layer made of a − b, for `difference`. */
  readonly difference: DrawnLayer | null
  /** What the grid's pictures differ in. */
  readonly grid: { readonly by: 'layer' } | { readonly by: 'day'; readonly days: readonly Day[] }
  /** B is held: b is shown where a is. */
  readonly isBlinking: boolean
}

const whole = [0, 1] as const

/** The layers compared: those named, else the uppermost two. A is the upper one. */
export function comparedLayers({
  layers,
  a,
  b,
}: Pick<CompareInput, 'layers' | 'a' | 'b'>): readonly [DrawnLayer | null, DrawnLayer | null] {
  const first = layers.find(({ id }) => id === a) ?? layers.findLast(({ id }) => id !== b) ?? null
  const second = layers.find(({ id }) => id === b) ?? layers.findLast(({ id }) => id !== first?.id) ?? null
  return [first, second === first ? null : second]
}

/** The pictures of the stage. Modes that need two layers show the single picture until there are two. */
export function panesOf(input: CompareInput): MapPane[] {
  const { mode, layers, day, swipe, difference, grid, isBlinking } = input
  const [a, b] = comparedLayers(input)
  const single = (shown: readonly DrawnLayer[]): MapPane[] => [
    { id: 'single', title: '', letter: '', layers: shown.map((layer) => ({ layer, day, clip: whole })) },
  ]
  const plain = () => single(isBlinking && a && b ? layers.filter(({ id }) => id !== a.id) : layers)
  if (mode === 'grid') return gridPanes(layers, day, grid)
  if (mode === 'single' || !a || !b) return plain()
  if (isBlinking) return single([b])
  if (mode === 'swipe')
    return [
      {
        id: 'single',
        title: '',
        letter: '',
        layers: [
          { layer: a, day, clip: [0, swipe] },
          { layer: b, day, clip: [swipe, 1] },
        ],
      },
    ]
  if (mode === 'side')
    return [a, b].map((layer, i) => ({
      id: `side-${i}`,
      title: layer.name,
      letter: 'ab'[i],
      layers: [{ layer, day, clip: whole }],
    }))
  return difference ? single([difference]) : plain()
}

function gridPanes(layers: readonly DrawnLayer[], day: Day | null, grid: CompareInput['grid']): MapPane[] {
  const letter = (i: number) => 'abcdefghijkl'[i]
  if (grid.by === 'layer')
    return layers
      .toReversed()
      .slice(0, 12)
      .map((layer, i) => ({
        id: `grid-${i}`,
        title: layer.name,
        letter: letter(i),
        layers: [{ layer, day, clip: whole }],
      }))
  return grid.days.slice(0, 12).map((each, i) => ({
    id: `grid-${i}`,
    title: each,
    letter: letter(i),
    layers: layers.map((layer) => ({ layer, day: each, clip: whole })),
  }))
}
