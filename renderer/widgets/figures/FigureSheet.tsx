import { useEffect, useState } from 'react'
import { visionMatrices } from '../../../main/contract/index.ts'
import type { ColourVision } from '../../../main/contract/index.ts'
import { say, sayFault } from '../../state/notices.ts'
import { pinFigure } from '../../state/pin-figure.ts'
import { Button } from '../Button.tsx'
import { LoadingLine } from '../PanelState.tsx'
import { Sheet } from '../Sheet.tsx'
import { Select, Switch } from '../fields.tsx'
import { formatCount } from '../format.ts'
import { figureSizes, pixelsPerMm, textWords } from './figure.ts'
import type { DrawnFigure, FigureSizeId, FigureSource } from './figure.ts'
import { pixelSize, saveFigure, wholeFigure } from './save-figure.ts'
import type { FigureKind } from './save-figure.ts'
import './figure-sheet.css'

interface FigureSheetProps {
  readonly source: FigureSource
  readonly onClose: () => void
  /** A figure that is in the report already is not pinned again. */
  readonly canPin?: boolean
}

type Seeing = 'colour' | 'grey' | ColourVision

const seeing: readonly { readonly id: Seeing; readonly name: string }[] = [
  { id: 'colour', name: 'In colour' },
  { id: 'grey', name: 'In greyscale' },
  { id: 'deuteranopia', name: 'Deuteranopia' },
  { id: 'protanopia', name: 'Protanopia' },
  { id: 'tritanopia', name: 'Tritanopia' },
]

const kinds: readonly { readonly id: FigureKind; readonly name: string; readonly hint: string }[] = [
  { id: 'svg', name: 'SVG', hint: 'live text, font embedded' },
  { id: 'pdf', name: 'PDF', hint: 'live text; choose “Save as PDF” where it is printed' },
  { id: 'png', name: 'PNG', hint: 'pixels' },
  { id: 'tiff', name: 'TIFF', hint: 'pixels, deflated' },
]

/** A figure as it will stand on paper: size, kind of file, and how others see its colours. */
export function FigureSheet({ source, onClose, canPin = true }: FigureSheetProps) {
  const [size, setSize] = useState<FigureSizeId>('85')
  const [kind, setKind] = useState<FigureKind>('svg')
  const [dots, setDots] = useState<'300' | '600'>('300')
  const [hasCaption, setCaption] = useState(false)
  const [eyes, setEyes] = useState<Seeing>('colour')
  const [drawn, setDrawn] = useState<{ readonly figure: DrawnFigure; readonly address: string } | null>(null)
  const [isSaving, setSaving] = useState(false)
  useEffect(() => {
    let address: string | null = null
    let isOver = false
    wholeFigure(source, { size, hasCaption }).then((figure) => {
      if (isOver) return
      address = URL.createObjectURL(new Blob([figure.svg], { type: 'image/svg+xml' }))
      setDrawn({ figure, address })
    }, sayFault)
    return () => {
      isOver = true
      if (address) URL.revokeObjectURL(address)
    }
  }, [source, size, hasCaption])
  const isPixels = kind === 'png' || kind === 'tiff'
  const [across, down] = drawn ? pixelSize(drawn.figure, Number(dots)) : [0, 0]
  const save = async () => {
    setSaving(true)
    try {
      await saveFigure(source, { kind, size, hasCaption, dotsPerInch: Number(dots) })
      if (kind !== 'pdf') say('good', `${source.title} is in the downloads.`)
    } catch (thrown) {
      sayFault(thrown)
    } finally {
      setSaving(false)
    }
  }
  const pin = async () => {
    const { svg } = await wholeFigure(source, { size, hasCaption: false })
    await pinFigure({
      title: source.title,
      caption: source.caption,
      kind: 'svg',
      picture: new Blob([svg], { type: 'image/svg+xml' }),
    })
    onClose()
  }
  const copyCaption = () =>
    navigator.clipboard
      .writeText(`${source.title}. ${source.caption}`)
      .then(() => say('good', 'Copied the caption.'), sayFault)
  return (
    <Sheet
      title={`Figure: ${source.title}`}
      isOpen
      size="large"
      onClose={onClose}
      footer={
        <>
          <Button onPress={() => void copyCaption()}>Copy caption</Button>
          {canPin && (
            <Button icon="pin" onPress={() => void pin()}>
              Pin at this size
            </Button>
          )}
          <Button look="primary" icon="download" isDisabled={isSaving || !drawn} onPress={() => void save()}>
            {kind === 'pdf' ? 'Print to PDF …' : `Save ${kind.toUpperCase()}`}
          </Button>
        </>
      }
    >
      <div className="figure-sheet">
        <div className="form">
          <Select
            label="Size"
            value={size}
            onChange={setSize}
            choices={figureSizes.map(({ id, name }) => ({ id, name }))}
          />
          <Select label="File" value={kind} onChange={setKind} choices={kinds} />
          {isPixels && (
            <Select
              label="Resolution"
              value={dots}
              onChange={setDots}
              choices={[
                { id: '300', name: '300 dpi' },
                { id: '600', name: '600 dpi', hint: 'for line drawings' },
              ]}
            />
          )}
          <Switch isSelected={hasCaption} onChange={setCaption}>
            Caption in the file
          </Switch>
          <Select label="Seen" value={eyes} onChange={setEyes} choices={seeing} />
          {drawn && (
            <p className="text-2">
              {drawn.figure.widthMm} × {drawn.figure.heightMm.toFixed(0)} mm, {textWords(source, drawn.figure.widthMm)}
              {isPixels && `, ${formatCount(across)} × ${formatCount(down)} pixels`}. Always in light colours on white;
              what is tried under “Seen” does not go into the file.
            </p>
          )}
        </div>
        <div className="figure-paper">
          <LoadingLine isShown={!drawn} label="Drawing the figure" />
          <Eyes />
          {drawn && (
            <img
              src={drawn.address}
              alt={`${source.title}, ${seeing.find(({ id }) => id === eyes)?.name.toLowerCase()}`}
              style={{
                width: drawn.figure.widthMm * pixelsPerMm,
                filter: eyes === 'colour' ? 'none' : `url(#seen-${eyes})`,
              }}
            />
          )}
        </div>
      </div>
    </Sheet>
  )
}

/** Luminance of linear red, green and blue (ITU-R BT.709). */
const luminance = [0.2126, 0.7152, 0.0722] as const

/** Filters that show colours as others see them, on linear light as the filters of SVG are. */
function Eyes() {
  const rows = { grey: [luminance, luminance, luminance], ...visionMatrices }
  return (
    <svg width="0" height="0" className="figure-eyes" aria-hidden="true">
      {Object.entries(rows).map(([id, matrix]) => (
        <filter key={id} id={`seen-${id}`} colorInterpolationFilters="linearRGB">
          <feColorMatrix type="matrix" values={`${matrix.map((row) => `${row.join(' ')} 0 0`).join(' ')} 0 0 0 1 0`} />
        </filter>
      ))}
    </svg>
  )
}
