import { LoamError, reasonCodes } from '../../contract/index.ts'
import { cellCentres, crsName, isGeographic, transformPoints } from '../raster/index.ts'
import { makeField } from './compiled-field.ts'
import type { CompiledField, Compiling } from './compiled-field.ts'

/** East or north coordinate of cell centres in the CRS of the run's fine grid, whatever grid is asked for: the same place
 *  has the same coordinate in training and in prediction.
 *  @throws bad_input when the context does not say which CRS that is */
export function coordinate(expression: { coordinate: 'x' | 'y' }, at: Compiling): CompiledField {
  const { crs } = at.context
  const axis = expression.coordinate
  if (crs === undefined)
    throw new LoamError(
      'bad_input',
      `Field "${at.path}" is a coordinate, which needs the CRS of a run's fine grid. Use it in a recipe with a grid.`,
      { field: at.path },
    )
  const identity = { form: 'coordinate/1', axis, crs }
  return makeField(
    {
      unit: isGeographic(crs) ? 'deg' : 'm',
      kind: 'continuous',
      times: 'static',
      nativeGrid: null,
      lineage: `${axis} coordinate of the cell centre in ${crsName(crs)}`,
      identity,
      identityOn: () => identity,
      absence: () => reasonCodes.none,
      async compute(window) {
        const centres = cellCentres(window)
        transformPoints(window.grid.crs, crs, centres.x, centres.y)
        const values = Float32Array.from(centres[axis])
        const reasons = new Uint8Array(values.length)
        for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) reasons[i] = reasonCodes.outside_source
        return { rows: window.rows, cols: window.cols, values, reasons }
      },
    },
    at,
  )
}
