import { useQuery } from '@tanstack/react-query'
import { endpoints } from '../../../main/contract/index.ts'
import type { Day, LayerHistogram, RasterVariable, Reason } from '../../../main/contract/index.ts'
import { call } from '../../api/client.ts'
import { useTiledLayer } from '../../api/layers.ts'
import { ErrorStrip, LoadingRows } from '../../widgets/PanelState.tsx'
import { formatSignificant, formatUnit } from '../../widgets/format.ts'
import { formatCount } from '../../widgets/format.ts'

interface SampleHistogramProps {
  readonly dataset: string
  readonly variable: RasterVariable
  readonly day: Day | null
}

const bins = 48

/** How the values of one date are spread. */
export function SampleHistogram({ dataset, variable, day }: SampleHistogramProps) {
  const layer = useTiledLayer({ of: 'dataset', dataset, variable: variable.name }, null)
  const id = layer.data?.id
  const found = useQuery({
    queryKey: ['layers', 'histogram', id, day],
    queryFn: ({ signal }) =>
      call(endpoints.layerHistogram, {
        params: { layer: id ?? '' },
        body: { day: day ?? 'static', bins },
        signal,
      }),
    enabled: id !== undefined,
  })
  const fault = layer.error ?? found.error
  if (fault) return <ErrorStrip fault={fault} onRetry={() => void (layer.error ? layer : found).refetch()} />
  if (!found.data) return <LoadingRows rows={2} label="Counting values" />
  return <Bars histogram={found.data} unit={formatUnit(variable.unit)} />
}

const width = 296
const height = 64

function Bars({ histogram, unit }: { readonly histogram: LayerHistogram; readonly unit: string }) {
  const { counts, range, valid, cells, mean, classes, reasons } = histogram
  const most = Math.max(1, ...counts)
  const one = width / counts.length
  const share = cells > 0 ? (100 * valid) / cells : 0
  const words = classes
    ? `${classes.length} classes`
    : `${formatSignificant(range[0])} to ${formatSignificant(range[1])} ${unit}, mean ${formatSignificant(mean)}`
  return (
    <figure className="sample-histogram">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`Histogram of ${formatCount(valid)} cells: ${words}`}
      >
        {counts.map((count, i) => {
          const bar = (count / most) * (height - 2)
          return (
            <rect
              // A bin has no name but its place.
              // oxlint-disable-next-line react/no-array-index-key
              key={i}
              x={i * one}
              y={height - bar}
              width={Math.max(0.5, one - 1)}
              height={bar}
            />
          )
        })}
      </svg>
      <div className="histogram-axis number-words text-2">
        <span>{classes ? classes[0] : formatSignificant(range[0])}</span>
        <span>{unit}</span>
        <span>{classes ? classes.at(-1) : formatSignificant(range[1])}</span>
      </div>
      <figcaption className="text-2">
        n = {formatCount(valid)}, {share.toFixed(0)} % of the cells
        {mean !== null && `, mean ${formatSignificant(mean)}${unit && ` ${unit}`}`}
        {Object.entries(reasons).length > 0 &&
          `; without a value: ${Object.entries(reasons)
            .map(([reason, count]) => `${formatCount(count)} ${reasonWords(reason as Reason)}`)
            .join(', ')}`}
      </figcaption>
    </figure>
  )
}

const reasonWords = (reason: Reason) => reason.replaceAll('_', ' ')
