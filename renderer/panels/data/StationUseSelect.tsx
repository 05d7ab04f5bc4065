import type { StationUse } from '../../../main/contract/index.ts'
import { Select } from '../../widgets/fields.tsx'
import type { Choice } from '../../widgets/fields.tsx'

const choices: readonly Choice<StationUse>[] = [
  { id: 'validation', name: 'Validation', hint: 'Held back; scores the map' },
  { id: 'calibration', name: 'Calibration', hint: 'Corrects the map; never scores it' },
  { id: 'unused', name: 'Unused' },
]

interface StationUseSelectProps {
  readonly station: string
  readonly value: StationUse
  readonly onChange: (use: StationUse) => void
}

/** The part a station plays: never both. */
export function StationUseSelect({ station, value, onChange }: StationUseSelectProps) {
  return (
    <Select label={`Use of station ${station}`} isLabelHidden value={value} onChange={onChange} choices={choices} />
  )
}
