import { useState } from 'react'
import type { Figure } from '../../../main/contract/index.ts'
import { sayFault } from '../../state/notices.ts'
import { IconButton } from '../../widgets/Button.tsx'
import { FigureSheet } from '../../widgets/figures/FigureSheet.tsx'
import type { FigureSource } from '../../widgets/figures/figure.ts'

/** Opens a pinned picture as a figure for print. */
export function PinnedFigure({ figure }: { readonly figure: Figure }) {
  const [source, setSource] = useState<FigureSource | null>(null)
  return (
    <>
      <IconButton
        icon="download"
        label={`Figure for print of ${figure.title}`}
        onPress={() => void pictureSource(figure).then(setSource, sayFault)}
      />
      {source && <FigureSheet source={source} canPin={false} onClose={() => setSource(null)} />}
    </>
  )
}

/** A kept picture at any width, in its own shape: vectors and their text stay what they are. */
async function pictureSource({ title, caption, file }: Figure): Promise<FigureSource> {
  const answer = await fetch(`/api/files?path=${encodeURIComponent(file)}`)
  if (!answer.ok) throw new Error(`The picture ${file} is not in the project's folder any more. Pin it again.`)
  if (!file.endsWith('.svg')) {
    const address = await dataUrl(await answer.blob())
    const image = new Image()
    image.src = address
    await image.decode()
    const shape = image.height / image.width
    const draw = (width: number, height: number) =>
      `<image href="${address}" xlink:href="${address}" width="${width}" height="${height}" preserveAspectRatio="xMidYMid meet"/>`
    return { title, caption, shape, madeForMm: null, draw }
  }
  const svg = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml').documentElement
  // The letters are brought anew with the whole.
  for (const style of svg.querySelectorAll('style')) if (style.textContent?.includes('@font-face')) style.remove()
  const [, , across, down] = (svg.getAttribute('viewBox') ?? '0 0 3 2').split(/[ ,]+/).map(Number)
  const madeForMm = Number(/^([\d.]+)mm$/.exec(svg.getAttribute('width') ?? '')?.[1] ?? 180)
  const draw = (width: number, height: number) => {
    svg.setAttribute('width', String(width))
    svg.setAttribute('height', String(height))
    return new XMLSerializer().serializeToString(svg)
  }
  return { title, caption, shape: down / across, madeForMm, draw }
}

async function dataUrl(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return `data:${blob.type};base64,${btoa(text)}`
}
