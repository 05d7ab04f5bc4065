import { quantityRange, rampBytes, suggestedRamp } from '../../contract/index.ts'

/** How a map is to be drawn elsewhere, as in Loam's own window. */
export interface MapStyle {
  readonly title: string
  readonly unit: string
  /** Name of one of Loam's ramps. */
  readonly ramp: string
  /** Values at its ends. */
  readonly range: readonly [number, number]
}

interface Stop {
  readonly value: number
  readonly colour: string
}

/** Between so many colours a straight line in sRGB cannot be told from our ramps, which are straight in OKLab. */
const stopCount = 33

/** The look the window gives a quantity.
 *  @param found smallest and largest value, for a quantity without a range of its own */
export function styleOfQuantity(title: string, unit: string, found: readonly [number, number] | null): MapStyle {
  const range = quantityRange(title, unit, 'continuous') ?? found ?? [0, 1]
  return { title, unit, ramp: suggestedRamp(title, unit, 'continuous'), range }
}

function stopsOf({ ramp, range: [low, high] }: MapStyle): Stop[] {
  const bytes = rampBytes(ramp, false)
  const steps = bytes.length / 4
  return Array.from({ length: stopCount }, (_, i) => {
    const share = i / (stopCount - 1)
    const at = 4 * Math.round(share * (steps - 1))
    const colour = `#${[0, 1, 2].map((k) => bytes[at + k].toString(16).padStart(2, '0')).join('')}`
    return { value: Number((low + share * (high - low)).toPrecision(6)), colour }
  })
}

/** A QGIS layer style; QGIS takes it by itself when it lies beside the map under the same name. Band 1, scaled values.
 *  Source: QGIS, singlebandpseudocolor renderer of `qgsrasterrenderer`. */
export function qmlStyle(style: MapStyle): string {
  const [low, high] = style.range
  const items = stopsOf(style)
    .map(({ value, colour }) => `          <item value="${value}" label="${value}" color="${colour}" alpha="255"/>`)
    .join('\n')
  return `<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="${low}" classificationMax="${high}">
      <rastershader>
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" clip="0" minimumValue="${low}" maximumValue="${high}">
${items}
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
`
}

/** An OGC style for map servers. Source: OGC 02-070, Styled Layer Descriptor 1.0.0, clause 11.4. */
export function sldStyle(style: MapStyle): string {
  const title = escaped(style.unit === '1' ? style.title : `${style.title}, ${style.unit}`)
  const entries = stopsOf(style)
    .map(({ value, colour }) => `              <ColorMapEntry color="${colour}" quantity="${value}" label="${value}"/>`)
    .join('\n')
  return `<?xml version="1.0" encoding="UTF-8"?>
<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc">
  <NamedLayer>
    <Name>${title}</Name>
    <UserStyle>
      <Title>${title}</Title>
      <FeatureTypeStyle>
        <Rule>
          <RasterSymbolizer>
            <ChannelSelection>
              <GrayChannel>
                <SourceChannelName>1</SourceChannelName>
              </GrayChannel>
            </ChannelSelection>
            <ColorMap type="ramp">
${entries}
            </ColorMap>
          </RasterSymbolizer>
        </Rule>
      </FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
`
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
