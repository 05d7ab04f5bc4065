import { isLong } from './layer-plan.ts'
import type { OpenLayer } from './open-layers.ts'
import type { TilePool } from './tile-pool.ts'

/** Two child processes, so that what takes long holds up no tile. */
export interface TilePools {
  readonly quick: TilePool
  readonly long: TilePool
}

export const poolOf = ({ quick, long }: TilePools, { plan }: OpenLayer): TilePool => (isLong(plan) ? long : quick)
