import { drawFigure, pixelsPerMm } from './figure.ts'
import type { DrawnFigure, FigureOptions, FigureSource } from './figure.ts'
import { fontCssFor } from './embed-fonts.ts'
import { encodeTiff, withResolution } from './pixel-files.ts'

export const figureKinds = ['svg', 'pdf', 'png', 'tiff'] as const
export type FigureKind = (typeof figureKinds)[number]

interface SaveOptions extends FigureOptions {
  readonly kind: FigureKind
  /** Of PNG and TIFF. */
  readonly dotsPerInch: number
}

/** Draws a figure with the fonts it needs. A printed page is one of ours and takes them from us. */
export async function wholeFigure(
  source: FigureSource,
  options: FigureOptions,
  isEmbedded = true,
): Promise<DrawnFigure> {
  const bare = drawFigure(source, options, '')
  return drawFigure(source, options, await fontCssFor(bare.svg, { isEmbedded }))
}

/** Hands a figure to the downloads, or for PDF to the print dialog, where it is saved as PDF: the browser's own PDF has live
 *  text and embedded letters, which a writer of our own would have to learn fonts for. */
export async function saveFigure(source: FigureSource, { kind, dotsPerInch, ...options }: SaveOptions): Promise<void> {
  const drawn = await wholeFigure(source, options, kind !== 'pdf')
  const name = `${source.title.replace(/[^\p{L}\p{N}]+/gu, '-')}-${options.size}`
  if (kind === 'pdf') await printFigure(drawn, name)
  else if (kind === 'svg') download(new Blob([drawn.svg], { type: 'image/svg+xml' }), `${name}.svg`)
  else download(await pixelFile(drawn, kind, dotsPerInch), `${name}-${dotsPerInch}dpi.${kind}`)
}

async function pixelFile(drawn: DrawnFigure, kind: 'png' | 'tiff', dotsPerInch: number): Promise<Blob> {
  const canvas = await rasterised(drawn, dotsPerInch)
  if (kind === 'tiff') {
    const pixels = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    return new Blob([await encodeTiff(pixels, dotsPerInch)], { type: 'image/tiff' })
  }
  const png = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())
  return new Blob([withResolution(png, dotsPerInch)], { type: 'image/png' })
}

async function rasterised({ svg, widthMm, heightMm }: DrawnFigure, dotsPerInch: number): Promise<OffscreenCanvas> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    // Decoded at the size it is drawn in: letters stay sharp.
    image.width = Math.round((widthMm / 25.4) * dotsPerInch)
    image.height = Math.round((heightMm / 25.4) * dotsPerInch)
    image.src = address
    await image.decode()
    const canvas = new OffscreenCanvas(image.width, image.height)
    const context = canvas.getContext('2d')!
    context.fillStyle = '#ffffff'
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.drawImage(image, 0, 0, canvas.width, canvas.height)
    return canvas
  } finally {
    URL.revokeObjectURL(address)
  }
}

/** Prints a page of the figure's size that holds nothing else. */
async function printFigure({ svg, widthMm, heightMm }: DrawnFigure, name: string): Promise<void> {
  const frame = document.createElement('iframe')
  frame.className = 'print-frame'
  frame.setAttribute('aria-hidden', 'true')
  frame.tabIndex = -1
  const page = `@page{size:${widthMm}mm ${heightMm.toFixed(2)}mm;margin:0}html,body{margin:0}svg{display:block}`
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
  frame.srcdoc = `<!doctype html><title>${name}</title><style>${page}</style>${svg}`
  document.body.append(frame)
  await loaded
  await frame.contentDocument?.fonts.ready
  frame.contentWindow?.addEventListener('afterprint', () => frame.remove())
  frame.contentWindow?.print()
}

/** Pixels a figure has at a resolution, for saying so before. */
export function pixelSize({ widthMm, heightMm }: DrawnFigure, dotsPerInch: number): readonly [number, number] {
  const at = (mm: number) => Math.round((mm * pixelsPerMm * dotsPerInch) / 96)
  return [at(widthMm), at(heightMm)]
}

/** Hands a file to the browser's downloads. */
export function download(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
