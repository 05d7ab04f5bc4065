import { Deck, OrthographicView } from '@deck.gl/core'
import type { Layer } from '@deck.gl/core'
import type { Camera } from './camera.ts'

/** Part of the canvas with a picture of its own, CSS pixels. */
export interface PaneBox {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
export interface Scene {
  readonly panes: readonly PaneBox[]
  readonly camera: Camera
  /** Coordinates of all layers are counted from here, so that float32 is enough on the card. */
  readonly origin: { readonly x: number; readonly y: number }
  /** A layer whose id begins with `<pane>|` is drawn in that pane only, any other in all. */
  readonly layers: readonly Layer[]
}

interface MapCanvasOptions {
  readonly parent: HTMLElement
  /** How many canvases there were before, this one included. */
  readonly round: number
  /** The graphics card is there and can be drawn to. */
  readonly onReady: () => void
  readonly onContextLost: () => void
  readonly onFault: (error: Error) => void
  readonly onDrawn: () => void
}

/** The picture: owns the canvas and the graphics context for as long as it lives. */
export class MapCanvas {
  readonly canvas: HTMLCanvasElement
  private readonly deck: Deck<OrthographicView[]>
  private isClosed = false

  constructor({ parent, round, onReady, onContextLost, onFault, onDrawn }: MapCanvasOptions) {
    this.canvas = document.createElement('canvas')
    this.canvas.className = 'map-canvas'
    this.canvas.setAttribute('aria-hidden', 'true')
    this.canvas.dataset.round = String(round)
    parent.append(this.canvas)
    this.canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault()
      onContextLost()
    })
    this.deck = new Deck<OrthographicView[]>({
      canvas: this.canvas,
      width: '100%',
      height: '100%',
      controller: false,
      views: [],
      layers: [],
      viewState: {},
      pickingRadius: 0,
      getCursor: () => 'inherit',
      layerFilter: ({ layer, viewport }) => !layer.id.includes('|') || layer.id.startsWith(`${viewport.id}|`),
      onLoad: () => {
        // deck.gl makes it a tab stop; keys go to the stage around it.
        this.canvas.tabIndex = -1
        onReady()
      },
      onAfterRender: onDrawn,
      onError: (error) => onFault(error),
      parameters: { depthCompare: 'always', depthWriteEnabled: false },
    })
  }

  draw({ panes, camera, origin, layers }: Scene): void {
    if (this.isClosed) return
    this.deck.setProps({
      views: panes.map(
        ({ id, x, y, width, height }) =>
          new OrthographicView({ id, x, y, width, height, flipY: false, near: 0.1, far: 10 }),
      ),
      viewState: Object.fromEntries(
        panes.map(({ id }) => [id, { target: [camera.x - origin.x, camera.y - origin.y, 0], zoom: camera.zoom }]),
      ),
      layers: [...layers],
    })
  }

  /** The picture as it is now. The card's buffer is only whole right after drawing, so it is drawn first. */
  async snapshot(): Promise<ImageBitmap> {
    this.deck.redraw('snapshot')
    return createImageBitmap(this.canvas)
  }

  close(): void {
    this.isClosed = true
    this.deck.finalize()
    this.canvas.remove()
  }
}
