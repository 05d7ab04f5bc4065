import type { GridSpec, Workspace } from '../../../../main/contract/index.ts'
import { useSources } from '../../../state/sources.ts'
import { NumberField, Select } from '../../../widgets/fields.tsx'
import { setGrid } from './set-grids.ts'

interface GridChoiceProps {
  readonly of: 'fine' | 'training'
  readonly grid: GridSpec | null
  readonly area: Workspace['area']
  readonly crs: string | null
  /** Side of a cell a grid of one's own begins with, CRS units. */
  readonly ownCellSize: number
  /** Words for no grid, where that is a choice. */
  readonly none?: string
}

/** Cells of a dataset, a multiple of them, or cells of one's own over the area. */
export function GridChoice({ of, grid, area, crs, ownCellSize, none }: GridChoiceProps) {
  const { datasets } = useSources()
  const isOwn = grid !== null && !('like' in grid)
  const choose = (id: string) => {
    if (id === 'none') setGrid(of, null)
    else if (id !== 'own') setGrid(of, { like: id.slice(5) })
    else if (crs !== null && area !== null) setGrid(of, { crs, cellSize: ownCellSize, extent: area })
  }
  return (
    <div className="form">
      <Select
        label={of === 'fine' ? 'Cells' : 'Training cells'}
        value={grid === null ? (none === undefined ? null : 'none') : isOwn ? 'own' : `like ${grid.like}`}
        placeholder="Not chosen yet"
        onChange={choose}
        choices={[
          ...(none === undefined ? [] : [{ id: 'none', name: none }]),
          ...datasets.map(({ name, cellText }) => ({ id: `like ${name}`, name: `of ${name}`, hint: cellText })),
          {
            id: 'own',
            name: 'of a size of one’s own',
            hint: area === null ? 'Needs an area first' : 'Over the area, in the working CRS',
            isDisabled: area === null || crs === null,
          },
        ]}
      />
      {isOwn && (
        <NumberField
          label={of === 'fine' ? 'Size of a cell' : 'Size of a training cell'}
          value={grid.cellSize}
          min={1e-6}
          unit="CRS units"
          onChange={(value) =>
            value !== null && value > 0 && value !== grid.cellSize && setGrid(of, { ...grid, cellSize: value }, true)
          }
        />
      )}
      {grid !== null && !isOwn && (
        <NumberField
          label={of === 'fine' ? 'Coarser by a factor' : 'Training cells coarser by a factor'}
          value={grid.factor ?? 1}
          min={1}
          step={1}
          onChange={(factor) =>
            factor !== null && setGrid(of, { like: grid.like, ...(factor > 1 ? { factor } : {}) }, true)
          }
        />
      )}
    </div>
  )
}
