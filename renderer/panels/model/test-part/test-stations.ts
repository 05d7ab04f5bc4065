import { useMemo } from 'react'
import type { Draft } from '../../../../main/contract/index.ts'
import { useStationCards } from '../../../api/stations.ts'
import { partAt } from '../../../state/draft.ts'

/** A station that can be sealed. */
export interface TestStation {
  readonly id: string
  readonly name: string
  /** Sets that have it. */
  readonly sets: readonly string[]
  /** Observations with a value. */
  readonly n: number
  /** Where it stands, in the CRS asked for, once for each set; none without a place. */
  readonly places: readonly { readonly x: number; readonly y: number }[]
}

/** Sets whose stations a test part can hold: that of the target, then those of the references. */
export function testSets(draft: Draft): string[] {
  const references = Array.isArray(draft.validation) ? draft.validation : []
  const named = [partAt(draft, 'target.stations'), ...references.map((each) => partAt(each as Draft, 'stations'))]
  return [...new Set(named.filter((name) => typeof name === 'string'))]
}

/** Stations of these sets by id: one that several sets have is sealed in all of them. */
export function useTestStations(sets: readonly string[], crs: string | null): readonly TestStation[] {
  const cards = useStationCards(sets, crs)
  return useMemo(() => {
    const found = new Map<string, TestStation>()
    for (const card of cards)
      for (const { id, name, n, x, y } of card.stations) {
        const known = found.get(id)
        const here = x === null || y === null ? [] : [{ x, y }]
        found.set(id, {
          id,
          name: known?.name || name,
          sets: [...(known?.sets ?? []), card.name],
          n: (known?.n ?? 0) + n,
          places: [...(known?.places ?? []), ...here],
        })
      }
    return [...found.values()]
  }, [cards])
}

/** Ids the recipe seals. */
export function sealedIn(draft: Draft): readonly string[] {
  const ids = partAt(draft, 'split.test.stations')
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []
}
