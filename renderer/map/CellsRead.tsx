import { formatNumber } from '../widgets/format.ts'
import { Chip } from '../widgets/PanelState.tsx'
import type { PlannedLayer } from './view/use-plans.ts'

/** Says where the picture is a first look: single cells in place of averages, which follow. */
export function CellsRead({ planned }: { readonly planned: readonly PlannedLayer[] }) {
  const oneOf = planned.reduce((most, { plan }) => Math.max(most, plan.oneOf), 1)
  return (
    <div className="map-cells-read" role="status">
      {oneOf > 1 && <Chip>{cellsReadWords(oneOf)}</Chip>}
    </div>
  )
}

/** `First look: 1 of 256 cells, averages follow`. */
export function cellsReadWords(oneOf: number): string {
  return `First look: 1 of ${formatNumber(oneOf, 0)} cells, averages follow`
}
