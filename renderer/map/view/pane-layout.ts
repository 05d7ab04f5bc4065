import type { PaneBox } from './map-canvas.ts'
import type { Size } from './camera.ts'

export const mostPanes = 12
/** Pixels between panes. */
const gap = 2
/** Pixels above several panes, for the controls that lie on a single one. */
const above = 44

/** Boxes of equal size that fill the stage, in reading order. The number of columns is the one that makes panes least
 *  elongated. */
export function layoutPanes(ids: readonly string[], stage: Size): PaneBox[] {
  const { width, height } = belowControls(ids, stage)
  const count = Math.min(mostPanes, ids.length)
  let best = { cols: 1, stretch: Infinity }
  for (let cols = 1; cols <= count; cols++) {
    const rows = Math.ceil(count / cols)
    const ratio = width / cols / (height / rows)
    const empty = cols * rows - count
    // An empty place costs a little, so that 6 becomes 3 × 2 and not 4 × 2.
    const stretch = Math.max(ratio, 1 / ratio) + 0.15 * empty
    if (stretch < best.stretch) best = { cols, stretch }
  }
  return boxesOf(ids.slice(0, count), best.cols, stage)
}

function belowControls(ids: readonly string[], { width, height }: Size): Size {
  return { width, height: ids.length > 1 ? Math.max(1, height - above) : height }
}

/** Two panes beside each other, whatever the shape of the stage. */
export function layoutBeside(ids: readonly string[], size: Size): PaneBox[] {
  return boxesOf(ids, ids.length, size)
}

function boxesOf(ids: readonly string[], cols: number, stage: Size): PaneBox[] {
  const { width, height } = belowControls(ids, stage)
  const top = stage.height - height
  const rows = Math.ceil(ids.length / cols)
  const paneWidth = (width - gap * (cols - 1)) / cols
  const paneHeight = (height - gap * (rows - 1)) / rows
  return ids.map((id, i) => {
    const x = Math.round((i % cols) * (paneWidth + gap))
    const y = Math.round(top + Math.floor(i / cols) * (paneHeight + gap))
    return {
      id,
      x,
      y,
      width: Math.round(((i % cols) + 1) * paneWidth + (i % cols) * gap) - x,
      height: Math.round(top + (Math.floor(i / cols) + 1) * paneHeight + Math.floor(i / cols) * gap) - y,
    }
  })
}
