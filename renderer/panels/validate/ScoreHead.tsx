import type { ReactNode } from 'react'
import { shownMeasures } from './measures.ts'

/** The head of a table of scores: what is scored, n, then the measures; units stand once, under the tables. */
export function ScoreHead({ children }: { readonly children: ReactNode }) {
  return (
    <thead>
      <tr>
        <th scope="col">{children}</th>
        <th
          scope="col"
          className="number"
          title="Pairs, and below them the groups (stations or blocks) the interval draws"
        >
          n
        </th>
        {shownMeasures.map(({ name, title, definition }) => (
          <th key={name} scope="col" className="number" title={definition}>
            {title}
          </th>
        ))}
      </tr>
    </thead>
  )
}
