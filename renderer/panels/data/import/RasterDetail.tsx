import { kinds } from '../../../../main/contract/index.ts'
import type { Kind, SurveyedProduct, SurveyedVariable, VariableSettings } from '../../../../main/contract/index.ts'
import { Button } from '../../../widgets/Button.tsx'
import { Checkbox, NumberField, Select } from '../../../widgets/fields.tsx'
import { formatSignificant, formatUnit } from '../../../widgets/format.ts'
import { CoverageCalendar } from '../CoverageCalendar.tsx'
import { suggestedScale } from '../words.ts'
import { CommitField } from './CommitField.tsx'
import type { Review } from './ProductDetail.tsx'
import { ProductPicture } from './ProductPicture.tsx'

const dateRules = ['YYYYMMDD', 'YYYY-MM-DD', 'YYYY_MM_DD', 'YYYYDDD', 'YYYYMM', 'YYYY-MM', 'bands', 'netcdf', 'static']

interface RasterDetailProps {
  readonly survey: string
  readonly product: SurveyedProduct
  readonly review: Review
}

/** Dates, grid, picture and variables of a series of rasters. */
export function RasterDetail({ survey, product, review }: RasterDetailProps) {
  const { raster } = product
  const settings = raster?.settings ?? {}
  const leftOut = settings.leaveOut ?? []
  const change = (found: string, next: VariableSettings) =>
    review({
      raster: {
        ...settings,
        variables: { ...settings.variables, [found]: { ...settings.variables?.[found], ...next } },
      },
    })
  return (
    <>
      <div className="import-overview">
        <div className="import-facts">
          <Select
            label="Dates from"
            value={settings.dateRule ?? 'found'}
            onChange={(rule) => review({ raster: { ...settings, dateRule: rule === 'found' ? undefined : rule } })}
            choices={[
              { id: 'found', name: raster ? `found: ${raster.dateRule}` : 'found by Loam' },
              ...dateRules.map((rule) => ({ id: rule, name: rule })),
            ]}
          />
          {raster && (
            <dl className="facts">
              {raster.examples.map(({ text, day }) => (
                <div key={text} className="import-example">
                  <dt className="mono">{text}</dt>
                  <dd>→ {day}</dd>
                </div>
              ))}
            </dl>
          )}
          {raster && (
            <dl className="facts">
              <dt>Grid</dt>
              <dd>
                {raster.grid.rows} × {raster.grid.cols} cells of {raster.cellText}
              </dd>
              <dt>CRS</dt>
              <dd>
                {raster.crsName} {raster.grid.crs.startsWith('EPSG:') ? `(${raster.grid.crs})` : ''}
              </dd>
              <dt>Folder</dt>
              <dd className="mono">{product.folder}</dd>
            </dl>
          )}
          {raster && raster.days.length > 0 && (
            <CoverageCalendar days={raster.days} missing={raster.missing} duplicated={raster.duplicated} />
          )}
        </div>
        {raster && (
          <ProductPicture
            survey={survey}
            product={product.id}
            variable={raster.variables[0]}
            day={raster.days[0] ?? null}
          />
        )}
      </div>
      {raster && (
        <table className="import-variables">
          <thead>
            <tr>
              {['Variable', 'Unit', 'Kind', 'Scale', 'Offset', 'No value is', 'Valid range', 'Values found'].map(
                (title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {raster.variables.map((variable) => (
              <VariableRow
                key={variable.found}
                variable={variable}
                change={(next) => change(variable.found, next)}
                leaveOut={
                  raster.variables.length > 1
                    ? () => review({ raster: { ...settings, leaveOut: [...leftOut, variable.found] } })
                    : null
                }
              />
            ))}
            {leftOut.map((found) => (
              <tr key={found}>
                <td colSpan={8}>
                  <Checkbox
                    isSelected={false}
                    onChange={() =>
                      review({ raster: { ...settings, leaveOut: leftOut.filter((each) => each !== found) } })
                    }
                  >
                    {found}
                  </Checkbox>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}

const kindWords: Readonly<Record<Kind, string>> = {
  continuous: 'Continuous',
  circular: 'Direction, 0–360°',
  decibel: 'Decibel, averaged as power',
  categorical: 'Classes',
}

interface VariableRowProps {
  readonly variable: SurveyedVariable
  readonly change: (settings: VariableSettings) => void
  readonly leaveOut: (() => void) | null
}

function VariableRow({ variable, change, leaveOut }: VariableRowProps) {
  const { name, found, unit, kind, scale, offset, nodata, validRange, sample, assumed, doubts } = variable
  const asked = suggestedScale(doubts)
  const numbers = (text: string) => text.split(/[\s,;]+/).flatMap((each) => (each === '' ? [] : [Number(each)]))
  return (
    <tr>
      <td>
        <div className="import-variable-name">
          {leaveOut && (
            <Checkbox label={`Keep ${name}`} isSelected onChange={leaveOut}>
              {null}
            </Checkbox>
          )}
          <CommitField label={`Name of ${found}`} value={name} onCommit={(text) => text && change({ name: text })} />
        </div>
      </td>
      <td>
        <CommitField
          label={`Unit of ${name}`}
          value={unit}
          placeholder="m3 m-3"
          isAssumed={assumed.includes('unit')}
          onCommit={(text) => change({ unit: text })}
        />
      </td>
      <td>
        <Select
          label={`Kind of ${name}`}
          isLabelHidden
          isAssumed={assumed.includes('kind')}
          value={kind}
          onChange={(next) => change({ kind: next })}
          choices={kinds.map((id) => ({ id, name: kindWords[id] }))}
        />
      </td>
      <td>
        <NumberField
          label={`Scale of ${name}`}
          isLabelHidden
          isAssumed={assumed.includes('scale')}
          value={scale}
          onChange={(next) => next !== null && next !== scale && change({ scale: next })}
        />
        {asked !== null && <Button onPress={() => change({ scale: asked })}>Scale {asked}</Button>}
      </td>
      <td>
        <NumberField
          label={`Offset of ${name}`}
          isLabelHidden
          value={offset}
          onChange={(next) => next !== null && next !== offset && change({ offset: next })}
        />
      </td>
      <td>
        <CommitField
          label={`Stored numbers of ${name} that mean no value`}
          value={nodata.filter((each) => !Number.isNaN(each)).join(', ')}
          placeholder="NaN only"
          onCommit={(text) => {
            const list = numbers(text)
            if (list.every((each) => Number.isFinite(each))) change({ nodata: list })
          }}
        />
      </td>
      <td>
        <CommitField
          label={`Valid range of ${name}, lowest and highest`}
          value={validRange ? validRange.join(', ') : ''}
          placeholder="all"
          onCommit={(text) => {
            const [low, high] = numbers(text)
            if (Number.isFinite(low) && Number.isFinite(high)) change({ validRange: [low, high] })
          }}
        />
      </td>
      <td className="number">
        {sample.minimum === null ? (
          <span className="assumed">none</span>
        ) : (
          `${formatSignificant(sample.minimum)} … ${formatSignificant(sample.maximum)} ${formatUnit(unit)}`
        )}
        {sample.validShare !== null && (
          <span className="text-2 import-share">{Math.floor(sample.validShare * 100)} % valid</span>
        )}
      </td>
    </tr>
  )
}
