/** A figure that can be drawn at any size, always in light colours on white. */
export interface FigureSource {
  readonly title: string
  /** n, units and signs. */
  readonly caption: string
  /** The inside of an SVG of that size in pixels of 1/96 inch, so that 12 px are 9 pt on paper. */
  readonly draw: (width: number, height: number) => string
  /** Height over width where the figure has a shape of its own. */
  readonly shape?: number
  /** Millimetres its text has 9 pt at, for a figure whose text grows with it; null: it has no text. Absent: laid out anew. */
  readonly madeForMm?: number | null
}

/** Widths journals ask for, and a slide of 10 inches. */
export const figureSizes = [
  { id: '85', name: '85 mm, one column', widthMm: 85, heightMm: null },
  { id: '120', name: '120 mm, one and a half', widthMm: 120, heightMm: null },
  { id: '180', name: '180 mm, two columns', widthMm: 180, heightMm: null },
  { id: 'slide', name: 'Slide 16:9', widthMm: 254, heightMm: 142.875 },
] as const
export type FigureSizeId = (typeof figureSizes)[number]['id']

/** Of a figure without a shape of its own; a narrow one needs more height for the same text. */
const usualShape = { '85': 0.8, '120': 0.7, '180': 0.6, slide: 0.5625 }

export interface FigureOptions {
  readonly size: FigureSizeId
  readonly hasCaption: boolean
}

export interface DrawnFigure {
  readonly svg: string
  /** With its caption. */
  readonly widthMm: number
  readonly heightMm: number
}

/** What can be said of the size of the letters on paper. */
export function textWords({ madeForMm }: FigureSource, widthMm: number): string {
  if (madeForMm === undefined) return 'text 8–9 pt'
  if (madeForMm === null) return 'a picture of pixels'
  const points = (9 * widthMm) / madeForMm
  return `text about ${points.toFixed(1)} pt${points < 6.9 ? ', which is small: pin it anew at this size' : ''}`
}

export const pixelsPerMm = 96 / 25.4
const captionSize = 10.67
const captionLine = 14

/** The whole document. @param fontCss faces of the letters in it; '' leaves the font to the reader */
export function drawFigure(source: FigureSource, { size, hasCaption }: FigureOptions, fontCss: string): DrawnFigure {
  const { widthMm, heightMm } = figureSizes.find(({ id }) => id === size) ?? figureSizes[2]
  const width = widthMm * pixelsPerMm
  const whole = heightMm === null ? null : heightMm * pixelsPerMm
  const lines = hasCaption ? wrapWords(`${source.title}. ${source.caption}`, width - 16) : []
  const below = lines.length > 0 ? lines.length * captionLine + 12 : 0
  const height = whole === null ? Math.round(width * (source.shape ?? usualShape[size])) : whole - below
  const texts = lines.map(
    (line, i) => `<text x="8" y="${height + 8 + captionLine * (i + 0.7)}">${escapeText(line)}</text>`,
  )
  const total = height + below
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${widthMm}mm" height="${round(total / pixelsPerMm)}mm" viewBox="0 0 ${round(width)} ${round(total)}">`,
    `<title>${escapeText(source.title)}</title><desc>${escapeText(source.caption)}</desc>`,
    fontCss === '' ? '' : `<style>${fontCss}</style>`,
    `<rect width="${round(width)}" height="${round(total)}" fill="#ffffff"/>`,
    source.draw(width, height),
    `<g font-family="'Inter Variable', Inter, sans-serif" font-size="${captionSize}" fill="#1f1d1a">${texts.join('')}</g>`,
    '</svg>',
  ].join('')
  return { svg, widthMm, heightMm: total / pixelsPerMm }
}

const round = (value: number): number => Number(value.toFixed(3))

/** Lines that fit a width, by the usual breadth of a letter of the caption. */
function wrapWords(text: string, width: number): string[] {
  const most = Math.floor(width / (captionSize * 0.53))
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
