import { randomBytes } from 'node:crypto'
import { gdal } from './gdal.ts'

/** A picture as PNG bytes.
 *  @param rgba rows × cols × 4 bytes, row-major from the upper left */
export async function encodePng(rgba: Uint8Array, rows: number, cols: number): Promise<Uint8Array> {
  const name = `/vsimem/${randomBytes(8).toString('hex')}`
  const path = `${name}.png`
  const memory = gdal.open(`${name}.tif`, 'w', 'GTiff', cols, rows, 4, gdal.GDT_Byte)
  try {
    for (let channel = 0; channel < 4; channel++) {
      const plane = new Uint8Array(rows * cols)
      for (let i = 0; i < plane.length; i++) plane[i] = rgba[4 * i + channel]
      memory.bands.get(channel + 1).pixels.write(0, 0, cols, rows, plane)
    }
    const png = await gdal.drivers.get('PNG').createCopyAsync(path, memory)
    png.close()
    return new Uint8Array(gdal.vsimem.release(path))
  } finally {
    memory.close()
    gdal.vsimem.release(`${name}.tif`)
  }
}
