import { useRecipeSources } from '../../api/recipe.ts'
import { editDraft, partAt, useDraft } from '../../state/draft.ts'
import { useWorkspaceStore } from '../../state/workspace.ts'
import { NumberField, Select } from '../../widgets/fields.tsx'
import { sizeWords } from './source-words.ts'

/** The grid of the maps: cells of a dataset, or cells of a size over the workspace's area. */
export function GridCard() {
  const draft = useDraft()
  const sources = useRecipeSources()
  const { crs, area } = useWorkspaceStore((state) => state.document)
  const like = partAt(draft, 'grid.like')
  const size = partAt(draft, 'grid.cellSize')
  const factor = partAt(draft, 'grid.factor')
  const byDataset = new Map((sources.data?.rasters ?? []).map((raster) => [raster.dataset, raster]))
  const datasets = [...byDataset.values()].toSorted((a, b) => a.cellSize - b.cellSize)
  return (
    <>
      <Select
        label="Fine grid"
        hint="The cells of the maps. Taken from a dataset, predictors on it need no resampling."
        value={typeof like === 'string' ? like : typeof size === 'number' ? '' : null}
        choices={[
          ...datasets.map(({ dataset, cellSize, crs: own, rows, cols }) => ({
            id: dataset,
            name: `Cells of ${dataset}`,
            hint: `${rows} × ${cols} of ${sizeWords(cellSize, own)}`,
          })),
          ...(crs && area ? [{ id: '', name: 'Cells of a size over the area', hint: `In ${crs}` }] : []),
        ]}
        onChange={(next) =>
          editDraft(
            'Fine grid',
            'grid',
            next === '' ? { crs, cellSize: datasets[0]?.cellSize ?? 10, extent: area } : { like: next },
          )
        }
      />
      {typeof like === 'string' && (
        <NumberField
          label="Times coarser"
          value={typeof factor === 'number' ? factor : 1}
          min={1}
          step={1}
          hint="2 makes cells of twice the side: a quarter of the time and disk."
          onChange={(next) => editDraft('Fine grid', 'grid.factor', next === null || next === 1 ? undefined : next)}
        />
      )}
      {typeof size === 'number' && (
        <NumberField
          label="Side of a cell"
          value={size}
          unit="CRS units"
          onChange={(next) => next !== null && editDraft('Fine grid', 'grid.cellSize', next)}
        />
      )}
    </>
  )
}
