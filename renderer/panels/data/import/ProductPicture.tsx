import { useEffect, useRef } from 'react'
import type { Day, SurveyedVariable, TileBody } from '../../../../main/contract/index.ts'
import { useProductPicture } from '../../../api/surveys.ts'
import { categoryBytes, rampBytes, rampSteps } from '../../../../main/contract/index.ts'
import { suggestedRamp } from '../../../map/colour/layer-look.ts'

interface ProductPictureProps {
  readonly survey: string
  readonly product: string
  readonly variable: SurveyedVariable
  readonly day: Day | null
}

/** The first date as it would be drawn, from its smallest to its largest value. */
export function ProductPicture({ survey, product, variable, day }: ProductPictureProps) {
  const { found, scale, offset, nodata, unit, kind, name, sample } = variable
  const picture = useProductPicture(survey, product, JSON.stringify([found, scale, offset, nodata]))
  const canvas = useRef<HTMLCanvasElement>(null)
  const ramp = suggestedRamp(name, unit, kind)
  useEffect(() => {
    if (canvas.current && picture.data) draw(canvas.current, picture.data, ramp, kind === 'categorical')
  }, [picture.data, ramp, kind])
  if (picture.error) return <p className="text-2">No picture: {picture.error.message}</p>
  return (
    <figure className="import-picture">
      <canvas
        ref={canvas}
        role="img"
        aria-label={`${name}${day ? ` on ${day}` : ''}, values ${sample.minimum ?? 'none'} to ${sample.maximum ?? 'none'}`}
      />
      <figcaption className="text-2">
        {name}
        {day ? `, ${day}` : ''}
      </figcaption>
    </figure>
  )
}

function draw(canvas: HTMLCanvasElement, { rows, cols, values }: TileBody, ramp: string, isClasses: boolean): void {
  const pen = canvas.getContext('2d')
  if (!pen || rows * cols === 0) return
  canvas.width = cols
  canvas.height = rows
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    if (Number.isNaN(value)) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  const colours = isClasses ? categoryBytes() : rampBytes(ramp)
  const picture = pen.createImageData(cols, rows)
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return
    const place = high > low ? (value - low) / (high - low) : 0.5
    const step = isClasses
      ? ((Math.round(value) % rampSteps) + rampSteps) % rampSteps
      : Math.round(place * (rampSteps - 1))
    picture.data.set(colours.subarray(4 * step, 4 * step + 3), 4 * i)
    picture.data[4 * i + 3] = 255
  })
  pen.putImageData(picture, 0, 0)
}
