import { formatUnit } from '../../widgets/format.ts'
import { shownMeasures } from './measures.ts'

const names = shownMeasures.filter(({ isInUnit }) => isInUnit).map(({ title }) => title)

/** What every table of scores has in common, said once: units, intervals and the sign of the bias. */
export function ScoreNote({ unit }: { readonly unit: string }) {
  return (
    <p className="text-2">
      {names.slice(0, -1).join(', ')} and {names.at(-1)} in {formatUnit(unit)}. Below n its groups, below each value its
      95 % interval, whole stations or blocks drawn again. bias = mean(predicted − observed), positive is too wet.
    </p>
  )
}
