import { useState } from 'react'
import type { SurveyedProduct } from '../../../../main/contract/index.ts'
import { reviewProduct } from '../../../api/surveys.ts'
import { ErrorStrip, LoadingLine, Strip } from '../../../widgets/PanelState.tsx'
import { inWindowWords } from '../words.ts'
import { RasterDetail } from './RasterDetail.tsx'
import { StationDetail } from './StationDetail.tsx'

export type Review = (settings: Parameters<typeof reviewProduct>[2]) => void

/** Everything Loam understood of a product, and what the user can say against it. */
export function ProductDetail({ survey, product }: { readonly survey: string; readonly product: SurveyedProduct }) {
  const [isBusy, setBusy] = useState(false)
  const [fault, setFault] = useState<unknown>(null)
  const review: Review = (settings) => {
    setBusy(true)
    setFault(null)
    reviewProduct(survey, product.id, settings)
      .catch(setFault)
      .finally(() => setBusy(false))
  }
  return (
    <div className="import-detail">
      <LoadingLine isShown={isBusy} label="Understanding the product anew" />
      {fault !== null && <ErrorStrip fault={fault} />}
      {product.refusal && <Strip tone="warn">{inWindowWords(product.refusal.message)}</Strip>}
      {product.stations || product.kind !== 'raster' ? (
        <StationDetail survey={survey} product={product} review={review} />
      ) : (
        <RasterDetail survey={survey} product={product} review={review} />
      )}
      {product.doubts.map((doubt) => (
        <Strip key={doubt} tone="warn">
          {inWindowWords(doubt)}
        </Strip>
      ))}
      {product.notes.length > 0 && (
        <ul className="import-notes">
          {product.notes.map((note) => (
            <li key={note}>{inWindowWords(note)}</li>
          ))}
        </ul>
      )}
    </div>
  )
}
