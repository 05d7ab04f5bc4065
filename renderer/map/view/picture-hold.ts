import type { DrawnTile, TilePlan } from '../tiles/drawn-tiles.ts'

interface Held {
  readonly drawn: readonly DrawnTile[]
  /** Time at which the hold began; null while the picture is its own. */
  readonly since: number | null
}

/** Milliseconds for which the picture of the day before stays while the new one is read, so that playing does not flicker.
 *  Longer than that another day would be shown as if it were this one. */
export const holdMilliseconds = 600

/** Remembers the last picture of each layer and lends it while the next one has nothing to show yet. */
export class PictureHold {
  private readonly last = new Map<string, Held>()

  /** @param key names the layer and pane, not the day
   *  @returns the tiles to draw, and whether they are borrowed from before */
  settle(key: string, { drawn, missing }: Pick<TilePlan, 'drawn' | 'missing'>, now: number) {
    const held = this.last.get(key)
    if (drawn.length > 0 || missing === 0 || !held) {
      this.last.set(key, { drawn, since: null })
      return { drawn, isHeld: false }
    }
    const since = held.since ?? now
    this.last.set(key, { ...held, since })
    if (now - since >= holdMilliseconds) return { drawn, isHeld: false }
    return { drawn: held.drawn, isHeld: held.drawn.length > 0 }
  }
}
