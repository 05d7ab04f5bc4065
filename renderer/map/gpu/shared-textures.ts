import type { Device, Texture } from '@luma.gl/core'
import type { TileBody } from '../../../main/contract/index.ts'

/** Textures of a tile, or the one of a ramp, for as long as somebody draws with them. */
interface Held<T> {
  readonly textures: T
  release(): void
}
interface Entry {
  readonly textures: readonly Texture[]
  users: number
}

const tables = new WeakMap<Device, Map<object, Entry>>()

/** One set of textures for all pieces that draw the same thing; gone from the card with its last user. */
function hold<T extends readonly Texture[]>(device: Device, thing: object, make: () => T): Held<T> {
  const table = tables.get(device) ?? new Map<object, Entry>()
  tables.set(device, table)
  const entry = table.get(thing) ?? { textures: make(), users: 0 }
  table.set(thing, entry)
  entry.users++
  return {
    textures: entry.textures as T,
    release() {
      if (--entry.users > 0) return
      table.delete(thing)
      for (const texture of entry.textures) texture.destroy()
    },
  }
}

const nearest = {
  minFilter: 'nearest',
  magFilter: 'nearest',
  addressModeU: 'clamp-to-edge',
  addressModeV: 'clamp-to-edge',
} as const

/** Values as float32 and reasons as bytes, exactly as they came. */
export function holdTile(device: Device, tile: TileBody): Held<readonly [Texture, Texture]> {
  const size = { width: tile.cols, height: tile.rows, mipLevels: 1 }
  return hold(
    device,
    tile,
    () =>
      [
        device.createTexture({ ...size, format: 'r32float', data: tile.values, sampler: nearest }),
        device.createTexture({ ...size, format: 'r8unorm', data: tile.reasons, sampler: nearest }),
      ] as const,
  )
}

export function holdRamp(device: Device, bytes: Uint8Array): Held<readonly [Texture]> {
  return hold(
    device,
    bytes,
    () =>
      [
        device.createTexture({
          width: bytes.length / 4,
          height: 1,
          mipLevels: 1,
          format: 'rgba8unorm',
          data: bytes,
          sampler: { ...nearest, minFilter: 'linear', magFilter: 'linear' },
        }),
      ] as const,
  )
}
