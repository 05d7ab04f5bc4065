import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import gdal from 'gdal-async'
import { expect, test } from 'vitest'
import { rangesOf } from '../../../renderer/widgets/figures/embed-fonts.ts'
import { encodeTiff, withResolution } from '../../../renderer/widgets/figures/pixel-files.ts'
import { encodePng } from '../../../main/engine/raster/index.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

const [width, height] = [7, 5]
const data = Uint8Array.from({ length: 4 * width * height }, (_, i) => (i % 4 === 3 ? 255 : (i * 37) % 256))

/** Red, green and blue of all pixels, by GDAL. */
function read(name: string, bytes: Uint8Array) {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, bytes)
  const file = gdal.open(path)
  const bands = [1, 2, 3].map((k) => Array.from(file.bands.get(k).pixels.read(0, 0, width, height) as Uint8Array))
  const about = file.getMetadata() as Record<string, string>
  file.close()
  return { bands, about }
}

const channel = (k: number) => Array.from({ length: width * height }, (_, i) => data[4 * i + k])

test('a TIFF of pixels is what GDAL reads, with its resolution', async () => {
  const { bands, about } = read('figure.tif', await encodeTiff({ width, height, data }, 600))
  expect(bands).toEqual([0, 1, 2].map(channel))
  expect(about).toMatchObject({
    TIFFTAG_XRESOLUTION: '600',
    TIFFTAG_YRESOLUTION: '600',
    TIFFTAG_RESOLUTIONUNIT: '2 (pixels/inch)',
  })
})

test('a PNG that says its resolution is still whole', async () => {
  const png = withResolution(await encodePng(data, height, width), 300)
  expect(read('figure.png', png).bands).toEqual([0, 1, 2].map(channel))
  const at = Buffer.from(png).indexOf('pHYs')
  // 300 dots per inch are 11 811 a metre.
  expect(Buffer.from(png).readUInt32BE(at + 4)).toBe(11_811)
})

test('ranges of letters are read as style sheets write them', () => {
  expect(rangesOf('U+0000-00FF, U+0131, U+4??')).toEqual([
    [0, 255],
    [0x131, 0x131],
    [0x400, 0x4ff],
  ])
})
