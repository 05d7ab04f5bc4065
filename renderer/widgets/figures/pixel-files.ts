/** Pixels of a figure, four bytes each, opaque. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray | Uint8Array
}

/** A baseline RGB TIFF with its resolution, deflated. Written plainly: it is a head of a dozen tags before one strip of zlib
 *  bytes, and the pixels are here already.
 *  Source: TIFF 6.0 (Adobe, 1992), sections 3–6; compression 8: Adobe Photoshop TIFF Technical Notes (2002). */
export async function encodeTiff(
  { width, height, data }: Pixels,
  dotsPerInch: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const rgb = new Uint8Array(3 * width * height)
  for (let i = 0, o = 0; i < data.length; i += 4) {
    rgb[o++] = data[i]
    rgb[o++] = data[i + 1]
    rgb[o++] = data[i + 2]
  }
  const strip = await deflated(rgb)
  const [short, long, rational] = [3, 4, 5]
  const tags = 12
  const after = 8 + 2 + 12 * tags + 4
  const [bitsAt, xAt, yAt, stripAt] = [after, after + 8, after + 16, after + 24]
  const rows: readonly (readonly [tag: number, type: number, count: number, value: number])[] = [
    [256, long, 1, width],
    [257, long, 1, height],
    [258, short, 3, bitsAt],
    [259, short, 1, 8],
    [262, short, 1, 2],
    [273, long, 1, stripAt],
    [277, short, 1, 3],
    [278, long, 1, height],
    [279, long, 1, strip.length],
    [282, rational, 1, xAt],
    [283, rational, 1, yAt],
    [296, short, 1, 2],
  ]
  const file = new Uint8Array(stripAt + strip.length)
  const view = new DataView(file.buffer)
  view.setUint16(0, 0x4949)
  view.setUint16(2, 42, true)
  view.setUint32(4, 8, true)
  view.setUint16(8, tags, true)
  rows.forEach(([tag, type, count, value], i) => {
    const at = 10 + 12 * i
    view.setUint16(at, tag, true)
    view.setUint16(at + 2, type, true)
    view.setUint32(at + 4, count, true)
    view.setUint32(at + 8, value, true)
  })
  for (const k of [0, 1, 2]) view.setUint16(bitsAt + 2 * k, 8, true)
  for (const at of [xAt, yAt]) {
    view.setUint32(at, Math.round(dotsPerInch), true)
    view.setUint32(at + 4, 1, true)
  }
  file.set(strip, stripAt)
  return file
}

async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** A PNG with its resolution said: a pHYs chunk behind the head.
 *  Source: PNG (W3C, third edition), 11.3.4.3. */
export function withResolution(png: Uint8Array, dotsPerInch: number): Uint8Array<ArrayBuffer> {
  const headEnd = 8 + 4 + 4 + 13 + 4
  const chunk = new Uint8Array(4 + 4 + 9 + 4)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, 9)
  chunk.set([0x70, 0x48, 0x59, 0x73], 4)
  const perMetre = Math.round(dotsPerInch / 0.0254)
  view.setUint32(8, perMetre)
  view.setUint32(12, perMetre)
  chunk[16] = 1
  view.setUint32(17, crc32(chunk.subarray(4, 17)))
  const file = new Uint8Array(png.length + chunk.length)
  file.set(png.subarray(0, headEnd))
  file.set(chunk, headEnd)
  file.set(png.subarray(headEnd), headEnd + chunk.length)
  return file
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}
