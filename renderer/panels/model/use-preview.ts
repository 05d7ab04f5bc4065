import { useEffect } from 'react'
import { asLoamError, endpoints } from '../../../main/contract/index.ts'
import type { Draft, DraftCheck, MapLayer } from '../../../main/contract/index.ts'
import { LayerStyle } from '../../../main/contract/index.ts'
import { call } from '../../api/client.ts'
import { setExtraLayer } from '../../map/map-extras.ts'
import { partAt } from '../../state/draft.ts'
import { session } from '../../state/session.ts'
import { useModel } from './model-state.ts'
import type { PreviewLayer } from './model-state.ts'

/** After the last edit. */
const pauseMs = 300
const rows = 2000

/** Trains a small model after each edit and draws it; the one before is given up. */
export function usePreview(draft: Draft, check: DraftCheck | undefined): void {
  const isOn = useModel((state) => state.isPreviewOn)
  const preview = useModel((state) => state.preview)
  const layer = useModel((state) => state.previewLayer)
  // Names, texts and folds change no prediction; what is sealed takes rows out of it.
  const { name: _n, description: _d, split: _s, validation: _v, ...deciding } = draft
  const key = isOn && check?.recipe ? JSON.stringify([deciding, partAt(draft, 'split.test') ?? null]) : null
  const recipe = check?.recipe ?? null
  useEffect(() => {
    if (key === null || !recipe) return
    const stop = new AbortController()
    const timer = setTimeout(() => {
      useModel.setState({ isPreviewing: true, previewFault: null })
      const body = { recipe: JSON.parse(JSON.stringify(recipe)) as Draft, rows }
      call(endpoints.preview, { body, signal: stop.signal }).then(
        (answer) => !stop.signal.aborted && useModel.setState({ preview: answer, isPreviewing: false }),
        (thrown: unknown) => {
          if (stop.signal.aborted || asLoamError(thrown).code === 'cancelled') return
          useModel.setState({ previewFault: thrown, isPreviewing: false })
        },
      )
    }, pauseMs)
    return () => {
      clearTimeout(timer)
      stop.abort()
      useModel.setState({ isPreviewing: false })
    }
    // The key holds what decides the preview; `recipe` is a new object with each check.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [key])

  const first = recipe?.product.period.from
  useEffect(() => {
    // A preview is of a date; the first one that the maps will have, until another is chosen.
    if (isOn && preview && first && session().day === null) session().set({ day: first })
  }, [isOn, preview, first])

  useEffect(() => {
    setExtraLayer('preview', isOn && preview ? previewLayer(preview.id, layer) : null)
    return () => setExtraLayer('preview', null)
  }, [isOn, preview, layer])
}

const names: Record<PreviewLayer, string> = {
  prediction: 'Preview: prediction',
  interval: 'Preview: interval width',
  applicability: 'Preview: dissimilarity',
}

function previewLayer(preview: string, layer: PreviewLayer): MapLayer {
  const ramp = { prediction: 'moisture', interval: 'uncertainty', applicability: 'support' }[layer]
  const range = layer === 'prediction' ? ({ mode: 'quantity' } as const) : ({ mode: 'dataset' } as const)
  return {
    id: 'preview',
    name: names[layer],
    source: { of: 'preview', preview, layer },
    isVisible: true,
    style: LayerStyle.parse({ ramp, range }),
  }
}
