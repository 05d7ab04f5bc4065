import type { EChartsCoreOption } from 'echarts/core'
import { sayFault } from '../../state/notices.ts'
import { printColours } from './chart-colours.ts'
import type { ChartColours } from './chart-colours.ts'
import { echarts } from './echarts.ts'

interface FigureToSave {
  readonly title: string
  readonly caption: string
  readonly option: (colours: ChartColours) => EChartsCoreOption
  readonly kind: 'svg' | 'png'
}

const width = 720
const height = 480
const captionLine = 16

/** Saves a chart as a file, drawn anew in light colours on white with its caption under it. */
export async function saveFigure({ title, caption, option, kind }: FigureToSave): Promise<void> {
  try {
    const svg = figureSvg(title, caption, option)
    const blob = kind === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await toPng(svg)
    download(blob, `${title.replace(/[^\p{L}\p{N}]+/gu, '-')}.${kind}`)
  } catch (thrown) {
    sayFault(thrown)
  }
}

/** The chart as one SVG document, with its title and caption below it where there is a caption. */
export function figureSvg(title: string, caption: string, option: FigureToSave['option']): string {
  const chart = echarts.init(null, undefined, { renderer: 'svg', ssr: true, width, height })
  chart.setOption({ animation: false, backgroundColor: '#ffffff', ...option(printColours) })
  const drawing = chart.renderToSVGString().replace(/^<svg[^>]*>|<\/svg>$/g, '')
  chart.dispose()
  const lines = caption === '' ? [] : wrap(`${title}. ${caption}`, 110)
  const total = height + (lines.length > 0 ? 12 : 0) + lines.length * captionLine
  const texts = lines.map((line, i) => `<text x="12" y="${height + captionLine * (i + 1)}">${escapeText(line)}</text>`)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${total}" viewBox="0 0 ${width} ${total}">`,
    `<rect width="${width}" height="${total}" fill="#ffffff"/>`,
    drawing,
    `<g font-family="Inter, sans-serif" font-size="12" fill="${printColours.text}">${texts.join('')}</g>`,
    '</svg>',
  ].join('')
}

async function toPng(svg: string): Promise<Blob> {
  const image = new Image()
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    image.src = address
    await image.decode()
    const canvas = document.createElement('canvas')
    // 300 dots per inch at 180 mm.
    const scale = 2126 / width
    canvas.width = Math.round(image.width * scale)
    canvas.height = Math.round(image.height * scale)
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve, reject) =>
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be made.'))),
        'image/png',
      ),
    )
  } finally {
    URL.revokeObjectURL(address)
  }
}

/** Hands a file to the browser's downloads. */
export function download(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < columns) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
