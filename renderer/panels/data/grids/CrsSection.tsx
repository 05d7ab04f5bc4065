import { endpoints } from '../../../../main/contract/index.ts'
import type { GridSuggestion, Workspace } from '../../../../main/contract/index.ts'
import { call } from '../../../api/client.ts'
import { sayFault } from '../../../state/notices.ts'
import { editWorkspace, useWorkspaceStore } from '../../../state/workspace.ts'
import { Select } from '../../../widgets/fields.tsx'
import { CommitField } from '../import/CommitField.tsx'

/** The CRS of the map and of all that is drawn on it. */
export function CrsSection({ suggested }: { readonly suggested: GridSuggestion }) {
  const document = useWorkspaceStore((state) => state.document)
  const { crs } = document
  return (
    <section className="panel-section">
      <h3>Working CRS</h3>
      <Select
        label="CRS of the map and of what is drawn"
        value={crs}
        onChange={(next) => void setCrs(next, document)}
        choices={withOwn(suggested.crs, crs).map((each) => ({
          id: each.crs,
          name: `${each.name} (${each.crs.startsWith('EPSG:') ? each.crs : 'no code'})`,
          hint: each.reason,
        }))}
      />
      <p className="text-2">{suggested.crs.find((each) => each.crs === crs)?.reason}</p>
      <div className="field">
        <span className="field-label" aria-hidden="true">
          Another, by its code
        </span>
        <CommitField
          label="Another CRS, by its code"
          value=""
          placeholder="EPSG:28992"
          onCommit={(text) => text && void setCrs(text, document)}
        />
      </div>
    </section>
  )
}

function withOwn<T extends { readonly crs: string }>(choices: readonly T[], crs: string | null) {
  const known = choices.map((each) => ({ ...each }))
  if (crs === null || choices.some((each) => each.crs === crs)) return known
  return [{ crs, name: crs, reason: 'Chosen by you.' }, ...known] as { crs: string; name: string; reason: string }[]
}

/** The area goes along into the new CRS. */
async function setCrs(crs: string, { crs: before, area }: Workspace): Promise<void> {
  const typed = /^\d+$/.test(crs) ? `EPSG:${crs}` : crs.replace(/^epsg/i, 'EPSG')
  try {
    const { code } = await call(endpoints.crs, { params: { code: typed }, query: {} })
    const moved =
      area && before
        ? (await call(endpoints.moveExtent, { body: { from: { crs: before, extent: area }, crs: code } })).extent
        : null
    editWorkspace('Working CRS', (document) => ({ ...document, crs: code, area: moved }))
  } catch (thrown) {
    sayFault(thrown)
  }
}
