import { Layer, picking, project32 } from '@deck.gl/core'
import type { DefaultProps, LayerContext, LayerProps, UpdateParameters } from '@deck.gl/core'
import { Model } from '@luma.gl/engine'
import type { TileBody } from '../../../main/contract/index.ts'
import type { CellRect } from '../tiles/tile-grid.ts'
import { holdRamp, holdTile } from './shared-textures.ts'
import { rasterFragmentShader, rasterUniforms, rasterVertexShader } from './raster-shader.ts'

interface FloatRasterProps {
  readonly tile: TileBody
  /** Part of the tile that is drawn. */
  readonly cells: CellRect
  /** [west, south, east, north] of that part, relative to the map's origin. */
  readonly bounds: readonly [number, number, number, number]
  /** 256 × RGBA. The same array while the ramp is the same. */
  readonly ramp: Uint8Array<ArrayBuffer>
  readonly range: readonly [number, number]
  readonly classes: number
  readonly isSmooth: boolean
  readonly isCategorical: boolean
  readonly showReasons: boolean
  /** Shares of the view's width between which it is drawn; for swiping. */
  readonly clip: readonly [number, number]
  readonly ink: readonly [number, number, number, number]
}

// A type, not an interface: deck.gl's state has an index signature.
type RasterState = {
  model?: Model
  tile?: ReturnType<typeof holdTile>
  ramp?: ReturnType<typeof holdRamp>
}

const defaultProps: DefaultProps<FloatRasterProps> = {
  tile: { type: 'object', value: { rows: 0, cols: 0, values: new Float32Array(), reasons: new Uint8Array() } },
  cells: { type: 'object', value: { row: 0, col: 0, rows: 0, cols: 0 } },
  bounds: { type: 'array', value: [0, 0, 1, 1], compare: true },
  ramp: { type: 'object', value: new Uint8Array() },
  range: { type: 'array', value: [0, 1], compare: true },
  classes: 0,
  isSmooth: false,
  isCategorical: false,
  showReasons: true,
  clip: { type: 'array', value: [0, 1], compare: true },
  ink: { type: 'array', value: [0, 0, 0, 1], compare: true },
}

/** One tile: float32 values and reason codes as they came, turned into colour by the graphics card. Range, ramp, classes,
 *  smoothing and opacity are uniforms: changing them needs no tile and no upload. */
export class FloatRasterLayer extends Layer<FloatRasterProps & LayerProps> {
  static override layerName = 'FloatRasterLayer'
  static override defaultProps = defaultProps

  // Made over from layer to layer by deck.gl; a class field would overwrite it.
  declare state: RasterState

  override initializeState(): void {
    const corners = {
      size: 3,
      type: 'float64',
      fp64: this.use64bitPositions(),
      update: (attribute: { value: unknown }) => (attribute.value = cornerPositions(this.props.bounds)),
      noAlloc: true,
    } as const
    this.getAttributeManager()!.add({ positions: corners })
    const model = new Model(this.context.device, {
      ...super.getShaders({
        vs: rasterVertexShader,
        fs: rasterFragmentShader,
        modules: [project32, picking, rasterUniforms],
      }),
      id: this.props.id,
      bufferLayout: this.getAttributeManager()!.getBufferLayouts(),
      topology: 'triangle-strip',
      vertexCount: 4,
      isInstanced: false,
    })
    this.setState({ model })
  }

  override updateState(parameters: UpdateParameters<this>): void {
    super.updateState(parameters)
    const { props, oldProps } = parameters
    if (props.bounds !== oldProps.bounds) this.getAttributeManager()!.invalidate('positions')
    const { device } = this.context
    if (props.tile !== oldProps.tile) {
      const before = this.state.tile
      this.setState({ tile: holdTile(device, props.tile) })
      before?.release()
    }
    if (props.ramp !== oldProps.ramp) {
      const before = this.state.ramp
      this.setState({ ramp: holdRamp(device, props.ramp) })
      before?.release()
    }
  }

  override draw(): void {
    const { model, tile, ramp } = this.state
    if (!model || !tile || !ramp) return
    const { props, context } = this
    const { viewport } = context
    const pixelRatio = context.device.canvasContext?.cssToDeviceRatio() ?? 1
    const scale = 2 ** viewport.zoom
    const [west, south, east, north] = props.bounds
    const [anchorX, anchorY] = viewport.project([0, 0, 0])
    const [rasterValues, rasterReasons] = tile.textures
    model.shaderInputs.setProps({
      raster: {
        cells: [props.cells.col, props.cells.row, props.cells.cols, props.cells.rows],
        ink: props.ink,
        range: props.range,
        cellPixels: [(scale * (east - west)) / props.cells.cols, (scale * (north - south)) / props.cells.rows],
        clip: props.clip.map((share) => Math.round((viewport.x + share * viewport.width) * pixelRatio)),
        // Only whole periods may be left out, and sines of large numbers lose their digits: 24 is a multiple of all.
        anchor: [anchorX % 24, anchorY % 24],
        classes: props.classes,
        isSmooth: Number(props.isSmooth),
        isCategorical: Number(props.isCategorical),
        showReasons: Number(props.showReasons),
        pixelRatio,
        opacity: props.opacity,
        rasterValues,
        rasterReasons,
        rasterRamp: ramp.textures[0],
      },
    })
    model.draw(context.renderPass)
  }

  override finalizeState(context: LayerContext): void {
    this.state.tile?.release()
    this.state.ramp?.release()
    super.finalizeState(context)
  }
}

/** Triangle strip: upper left, lower left, upper right, lower right. */
function cornerPositions([west, south, east, north]: FloatRasterProps['bounds']): Float64Array {
  return new Float64Array([west, north, 0, west, south, 0, east, north, 0, east, south, 0])
}
