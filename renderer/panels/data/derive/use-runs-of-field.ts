import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { endpoints } from '../../../../main/contract/index.ts'
import { call } from '../../../api/client.ts'
import { fieldKey } from './field-uses.ts'
import type { Fields } from './field-uses.ts'

/** Runs made with a field, newest first. */
export interface RunsOfField {
  /** As it is now. */
  readonly same: readonly string[]
  /** As it was before it, or a field it is made of, was changed: their maps are stale. */
  readonly older: readonly string[]
}

/** Which runs each field of the recipe went into. */
export function useRunsOfFields(fields: Fields): ReadonlyMap<string, RunsOfField> {
  // Below 'runs', so that it is asked again when a run begins or ends.
  const runs = useQuery({
    queryKey: ['runs', 'fields'],
    queryFn: ({ signal }) => call(endpoints.fieldsOfRuns, { signal }),
  })
  return useMemo(
    () =>
      new Map(
        Object.keys(fields).map((name) => {
          const key = fieldKey(name, fields)
          const madeWith = (runs.data ?? []).filter((each) => Object.hasOwn(each.fields, name))
          const isSame = (each: { readonly fields: Fields }) => fieldKey(name, each.fields) === key
          return [
            name,
            {
              same: madeWith.filter(isSame).map(({ run }) => run),
              older: madeWith.filter((each) => !isSame(each)).map(({ run }) => run),
            },
          ]
        }),
      ),
    [fields, runs.data],
  )
}

/** `r0001`, `r0001 and r0002`, `r0001, r0002 and 3 more`. */
export function runWords(runs: readonly string[]): string {
  if (runs.length <= 2) return runs.join(' and ')
  return `${runs.slice(0, 2).join(', ')} and ${runs.length - 2} more`
}
