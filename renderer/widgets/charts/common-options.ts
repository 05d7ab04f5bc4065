import type { ChartColours } from './chart-colours.ts'

const family = "'Inter Variable', Inter, sans-serif"

/** Text, grid and tooltip as all charts have them. */
export function commonOptions(colours: ChartColours) {
  return {
    textStyle: { fontFamily: family, fontSize: 12, color: colours.text },
    grid: { left: 56, right: 16, top: 16, bottom: 44, containLabel: false },
    tooltip: {
      backgroundColor: colours.text,
      borderWidth: 0,
      textStyle: { color: colours.panel, fontSize: 12, fontFamily: family },
      confine: true,
    },
  }
}

/** A numeric axis with its title and unit. */
export function valueAxis(colours: ChartColours, name: string, extra: Record<string, unknown> = {}) {
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameGap: 30,
    nameTextStyle: { color: colours.text2 },
    axisLine: { show: true, lineStyle: { color: colours.lineStrong } },
    axisTick: { show: true, lineStyle: { color: colours.lineStrong } },
    axisLabel: { color: colours.text2, hideOverlap: true },
    splitLine: { lineStyle: { color: colours.line } },
    scale: true,
    ...extra,
  }
}

/** An axis of names. */
export function nameAxis(colours: ChartColours, names: readonly string[], extra: Record<string, unknown> = {}) {
  return {
    type: 'category',
    data: names,
    axisLine: { lineStyle: { color: colours.lineStrong } },
    axisTick: { show: false },
    axisLabel: { color: colours.text2 },
    ...extra,
  }
}
