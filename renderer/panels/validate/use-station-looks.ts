import { useEffect } from 'react'
import { rampColours } from '../../../main/contract/index.ts'
import type { ValidationPairs, ValidationSummary } from '../../../main/contract/index.ts'
import { useMapExtras } from '../../map/map-extras.ts'
import { formatNumber } from '../../widgets/format.ts'

/** Bias at which a station has the ramp's last colour: the same for all runs, so that they can be compared. */
export const largestBias = 0.08

/** While this place is open, stations on the map are coloured by their bias, brown where the map is too dry, blue where it is too
 *  wet, and carry it in figures. While something is filtered it is the bias of the pairs that are left. */
export function useStationLooks(
  validation: ValidationSummary | undefined,
  filtered: ValidationPairs | undefined,
): void {
  useEffect(() => {
    if (!validation || validation.from !== 'stations') return
    const colours = rampColours('difference')
    const looks = validation.stations.flatMap(({ id, scores }) => {
      const left = filtered?.boxes.find((box) => box.by === 'station' && box.id === id)
      const bias = filtered ? left?.bias : scores?.measures.bias.value
      if (bias === undefined || bias === null) return []
      const share = Math.max(-1, Math.min(1, bias / largestBias))
      const [r, g, b] = colours[Math.round(127.5 + 127.5 * share)]
      return [[`${validation.reference}/${id}`, { colour: [r, g, b] as const, words: formatNumber(bias) }] as const]
    })
    useMapExtras.setState({ stationLooks: Object.fromEntries(looks) })
    return () => useMapExtras.setState({ stationLooks: null })
  }, [validation, filtered])
}
