import type { SampleScatter } from '../../../main/contract/index.ts'
import { session } from '../../state/session.ts'
import { ScatterChart } from '../../widgets/charts/ScatterChart.tsx'
import { formatCount, formatSignificant, formatUnit } from '../../widgets/format.ts'

const withUnit = ({ name, unit }: { readonly name: string; readonly unit: string }) =>
  formatUnit(unit) ? `${name}, ${formatUnit(unit)}` : name

/** Two columns of the sample against each other. Choosing a point goes to its date. */
export function SampleScatterChart({ scatter }: { readonly scatter: SampleScatter }) {
  const { x, y, ...counts } = scatter
  return (
    <ScatterChart
      {...counts}
      title={`${y.name} against ${x.name}`}
      description={`Scatter of ${formatCount(counts.n)} rows: ${withUnit(y)} against ${withUnit(x)}`}
      counted="rows"
      remark=". Choose a point to go to its date."
      placeWord="place"
      scope="samples"
      x={{ ...x, title: withUnit(x) }}
      y={{ ...y, title: withUnit(y) }}
      wordsOf={(across, up) => `${formatSignificant(across)} · ${formatSignificant(up)}`}
      onPick={({ day }) => session().set({ day })}
    />
  )
}
