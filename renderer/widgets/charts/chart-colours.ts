import { useEffect, useState } from 'react'

/** The colours of charts, from the page's tokens. */
export interface ChartColours {
  readonly text: string
  readonly text2: string
  readonly line: string
  readonly lineStrong: string
  readonly panel: string
  readonly accent: string
  readonly good: string
  readonly warn: string
  readonly bad: string
  readonly info: string
  readonly forest: string
  readonly boosting: string
}

const tokens: Record<keyof ChartColours, string> = {
  text: '--text',
  text2: '--text-2',
  line: '--line',
  lineStrong: '--line-strong',
  panel: '--panel',
  accent: '--accent',
  good: '--good',
  warn: '--warn',
  bad: '--bad',
  info: '--info',
  forest: '--model-forest',
  boosting: '--model-boosting',
}

/** Colours of the theme as it is now; changes with it. */
export function useChartColours(): ChartColours {
  const [colours, setColours] = useState(readColours)
  useEffect(() => {
    const observer = new MutationObserver(() => setColours(readColours()))
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    return () => observer.disconnect()
  }, [])
  return colours
}

function readColours(): ChartColours {
  const style = getComputedStyle(document.documentElement)
  return Object.fromEntries(
    Object.entries(tokens).map(([name, token]) => [name, style.getPropertyValue(token).trim()]),
  ) as unknown as ChartColours
}

/** Always light on white: for figures that leave the window. */
export const printColours: ChartColours = {
  text: '#1f1d1a',
  text2: '#5a564e',
  line: '#dcd8d0',
  lineStrong: '#8b867c',
  panel: '#ffffff',
  accent: '#0f5f73',
  good: '#2c6b3f',
  warn: '#8a5300',
  bad: '#a8321f',
  info: '#2f5d94',
  forest: '#c87a30',
  boosting: '#211f6d',
}
