import type { EChartsCoreOption } from 'echarts/core'
import type { FigureSource } from '../figures/figure.ts'
import { printColours } from './chart-colours.ts'
import type { ChartColours } from './chart-colours.ts'
import { echarts } from './echarts.ts'

interface ChartToDraw {
  readonly title: string
  readonly caption: string
  readonly option: (colours: ChartColours) => EChartsCoreOption
}

/** A chart as a figure: laid out anew for the size it is asked in. */
export function chartFigure({ title, caption, option }: ChartToDraw): FigureSource {
  const draw = (width: number, height: number): string => {
    const chart = echarts.init(null, undefined, { renderer: 'svg', ssr: true, width, height })
    chart.setOption({ animation: false, backgroundColor: '#ffffff', ...option(printColours) })
    const drawing = chart.renderToSVGString().replace(/^<svg[^>]*>|<\/svg>$/g, '')
    chart.dispose()
    return drawing
  }
  return { title, caption, draw }
}
