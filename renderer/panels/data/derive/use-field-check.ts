import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { LayerStyle, endpoints } from '../../../../main/contract/index.ts'
import type { FieldCheck, FieldExpression } from '../../../../main/contract/index.ts'
import { call } from '../../../api/client.ts'
import { suggestedRamp } from '../../../map/colour/layer-look.ts'
import { setExtraLayer } from '../../../map/map-extras.ts'
import { fieldsBelow } from './field-uses.ts'
import type { Fields } from './field-uses.ts'

/** Typing is over after this; then the engine is asked. */
const quietMs = 300

function useSettled<T>(value: T): T {
  const [settled, settle] = useState(value)
  const key = JSON.stringify(value)
  useEffect(() => {
    const timer = setTimeout(() => settle(JSON.parse(key) as T), quietMs)
    return () => clearTimeout(timer)
  }, [key])
  return settled
}

/** Says what a field would be; asked when nothing was changed for a moment. Of the other fields those it is made of go along: a fault
 *  of another is none of its own. */
export function useFieldCheck(name: string, expression: FieldExpression | null, all: Fields) {
  const settled = useSettled(expression)
  const fields = useMemo(
    () => Object.fromEntries(Array.from(fieldsBelow(settled, all), (each) => [each, all[each]])),
    [settled, all],
  )
  const check = useQuery({
    queryKey: ['fields', 'check', name, settled, fields],
    queryFn: ({ signal }) =>
      call(endpoints.checkField, {
        body: { name, expression: JSON.parse(JSON.stringify(settled)), fields },
        signal,
      }),
    enabled: settled !== null,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  })
  return { check, settled, fields }
}

const layerId = 'derive'

/** The field in the making above all other layers, while its panel is open. */
export function useFieldPreview(
  name: string,
  expression: FieldExpression | null,
  fields: Fields,
  field: FieldCheck['field'],
  isWanted: boolean,
): void {
  const source = JSON.stringify({ of: 'field', expression, fields, name })
  const ramp = field ? suggestedRamp(name, field.unit, field.kind) : null
  useEffect(() => {
    if (!isWanted || ramp === null) return
    setExtraLayer(layerId, {
      id: layerId,
      name: `${name} · preview`,
      source: JSON.parse(source),
      isVisible: true,
      style: LayerStyle.parse({ ramp, range: { mode: 'dataset' } }),
    })
    return () => setExtraLayer(layerId, null)
  }, [source, ramp, name, isWanted])
}
