import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { LayerStyle, endpoints } from '../../../../main/contract/index.ts'
import type { FieldCheck, FieldExpression } from '../../../../main/contract/index.ts'
import { call } from '../../../api/client.ts'
import { suggestedRamp } from '../../../map/colour/layer-look.ts'
import { setExtraLayer } from '../../../map/map-extras.ts'

type Fields = Readonly<Record<string, FieldExpression>>

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

/** Says what a field would be; asked when nothing was changed for a moment. */
export function useFieldCheck(name: string, expression: FieldExpression | null, fields: Fields) {
  const settled = useSettled(expression)
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
  return { check, settled }
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
