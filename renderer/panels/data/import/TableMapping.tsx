import type { StationTableSettings, TablePreview } from '../../../../main/contract/index.ts'
import { Select } from '../../../widgets/fields.tsx'
import type { Choice } from '../../../widgets/fields.tsx'
import { formatCount } from '../../../widgets/format.ts'

type Columns = NonNullable<StationTableSettings['columns']>

const roles: readonly Choice[] = [
  { id: 'none', name: 'left out' },
  { id: 'date', name: 'Date' },
  { id: 'station', name: 'Station' },
  { id: 'value', name: 'Value' },
  { id: 'variable', name: 'Variable name' },
  { id: 'unit', name: 'Unit' },
  { id: 'depth', name: 'Depth from' },
  { id: 'depthTo', name: 'Depth to' },
  { id: 'x', name: 'x, easting' },
  { id: 'y', name: 'y, northing' },
  { id: 'lon', name: 'Longitude' },
  { id: 'lat', name: 'Latitude' },
  { id: 'elevation', name: 'Elevation' },
  { id: 'flag', name: 'Quality flag' },
  { id: 'sensor', name: 'Sensor' },
  { id: 'network', name: 'Network' },
]

interface TableMappingProps {
  readonly table: TablePreview
  readonly columns: Columns
  readonly onChange: (columns: Columns) => void
}

/** The first rows, and above each column what it is taken for. */
export function TableMapping({ table, columns, onChange }: TableMappingProps) {
  const roleOf = (heading: string, guessed: string | null): string => said(columns, heading) ?? guessed ?? 'none'
  const values = table.columns.filter(({ heading, role }) => roleOf(heading, role) === 'value')
  const assign = (heading: string, role: string) => onChange(withColumn(columns, heading, role, values))
  return (
    <div className="import-scroller">
      <table className="import-preview">
        <thead>
          <tr>
            {table.columns.map(({ heading, role, missing }) => (
              <th key={heading} scope="col">
                <Select
                  label={`What ${heading} is`}
                  isLabelHidden
                  isAssumed={said(columns, heading) === null && role !== null}
                  value={roleOf(heading, role)}
                  onChange={(next) => assign(heading, next)}
                  choices={roles}
                />
                <span className="import-heading" title={missing > 0 ? `${formatCount(missing)} cells are empty` : ''}>
                  {heading}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.first.map((cells, row) => (
            // The rows of a preview have no name but their place.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={row}>
              {cells.map((cell, i) => (
                <td
                  key={table.columns[i]?.heading ?? i}
                  className={table.columns[i]?.isNumber && !table.columns[i]?.isDate ? 'number' : ''}
                >
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="text-2">{formatCount(table.rows)} rows</p>
    </div>
  )
}

function said(columns: Columns, heading: string): string | null {
  for (const [role, named] of Object.entries(columns)) {
    if (role === 'values') {
      if ((named as { column: string }[]).some(({ column }) => column === heading)) return 'value'
    } else if ([named].flat().includes(heading)) return role
  }
  return null
}

function withColumn(columns: Columns, heading: string, role: string, values: TablePreview['columns']): Columns {
  const { values: named, ...rest } = columns
  const others = Object.fromEntries(
    Object.entries(rest).filter(([, each]) => ![each].flat().includes(heading)),
  ) as Columns
  const before = named ?? values.map((column) => ({ column: column.heading }))
  const without = before.filter(({ column }) => column !== heading)
  const isChanged = before.length !== without.length || named !== undefined
  if (role === 'value') return { ...others, values: [...without, { column: heading }] }
  const kept = isChanged && without.length > 0 ? { values: without } : {}
  return role === 'none' ? { ...others, ...kept } : { ...others, ...kept, [role]: heading }
}
