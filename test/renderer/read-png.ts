import { inflateSync } from 'node:zlib'

export interface Picture {
  readonly width: number
  readonly height: number
  /** Red, green, blue 0–255. */
  at(x: number, y: number): [number, number, number]
}

/** A screenshot as numbers: PNG of 8 bits, RGB or RGBA, not interlaced. Source: W3C (2003), PNG specification, § 9 filters. */
export function readPng(bytes: Buffer): Picture {
  const width = bytes.readUInt32BE(16)
  const height = bytes.readUInt32BE(20)
  const channels = bytes[25] === 6 ? 4 : 3
  const parts: Buffer[] = []
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(bytes.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  const raw = inflateSync(Buffer.concat(parts))
  const stride = width * channels
  const out = Buffer.alloc(height * stride)
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]
    for (let i = 0; i < stride; i++) {
      const left = i >= channels ? out[y * stride + i - channels] : 0
      const up = y > 0 ? out[(y - 1) * stride + i] : 0
      const corner = y > 0 && i >= channels ? out[(y - 1) * stride + i - channels] : 0
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]
      out[y * stride + i] = raw[y * (stride + 1) + 1 + i] + predicted
    }
  }
  return {
    width,
    height,
    at(x, y) {
      const i = y * stride + x * channels
      return [out[i], out[i + 1], out[i + 2]]
    },
  }
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)]
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c
}
