import { Fragment } from 'react'
import type { SourceRole, Survey, SurveyedProduct } from '../../../../main/contract/index.ts'
import { Icon } from '../../../widgets/Icon.tsx'
import { Checkbox, Select, TextField } from '../../../widgets/fields.tsx'
import { formatUnit } from '../../../widgets/format.ts'
import { CoverageStrip } from '../CoverageStrip.tsx'
import { counted, inWindowWords, roleWords, spanWords } from '../words.ts'
import { draftProduct, useImport } from './import-store.ts'
import { ProductDetail } from './ProductDetail.tsx'

const head = ['', 'Product', 'Name', 'Role', 'Variable', 'Unit', 'Scale', 'Grid', 'Dates']

/** One row a product: what Loam takes it for, open to correction; assumed cells are dotted. */
export function ProductTable({ survey, taken }: { readonly survey: Survey; readonly taken: ReadonlySet<string> }) {
  const opened = useImport((state) => state.opened)
  // Those that ask something come after those that do not.
  const products = survey.products.toSorted((a, b) => Number(a.refusal !== null) - Number(b.refusal !== null))
  return (
    <div className="import-scroller">
      <table className="import-table">
        <thead>
          <tr>
            {head.map((title) => (
              <th key={title} scope="col">
                {title === '' ? <span className="visually-hidden">Add</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {products.map((product) => (
            <Fragment key={product.id}>
              <ProductRow product={product} taken={taken} isOpened={opened === product.id} />
              {opened === product.id && (
                <tr className="import-detail-row">
                  <td colSpan={head.length}>
                    <ProductDetail survey={survey.id} product={product} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface RowProps {
  readonly product: SurveyedProduct
  readonly taken: ReadonlySet<string>
  readonly isOpened: boolean
}

function ProductRow({ product, taken, isOpened }: RowProps) {
  const { id, kind, title, files, looked, refusal } = product
  const draft = useImport((state) => state.drafts[id]) ?? {}
  const { name = product.name, role = product.role, isLeftOut = false, replace = false } = draft
  const isUsable = refusal === null && kind !== 'station list'
  const toggle = () => useImport.setState({ opened: isOpened ? null : id })
  const isTaken = taken.has(name) && !replace
  return (
    <tr className={`import-row${isUsable ? '' : ' is-asking'}${isLeftOut ? ' is-left-out' : ''}`}>
      <td>
        {isUsable ? (
          <Checkbox
            label={`Add ${product.name}`}
            isSelected={!isLeftOut}
            onChange={(isOn) => draftProduct(id, { isLeftOut: !isOn })}
          >
            {null}
          </Checkbox>
        ) : (
          <Icon name={refusal === null ? 'info' : 'warning'} />
        )}
      </td>
      <td>
        <button type="button" className="import-product" aria-expanded={isOpened} onClick={toggle}>
          <Icon name={isOpened ? 'chevronDown' : 'chevronRight'} size={12} />
          <span>
            <span className="import-title">{title}</span>
            <span className="text-2">
              {looked < files ? `${looked} of ${counted(files, 'file')} read` : counted(files, 'file')}
              {product.doubts.length > 0 && ` · ${counted(product.doubts.length, 'doubt')}`}
            </span>
          </span>
        </button>
      </td>
      {isUsable ? (
        <>
          <td>
            <TextField
              label={`Name of ${title}`}
              isLabelHidden
              value={name}
              onChange={(next) => draftProduct(id, { name: next, replace: false })}
              fault={isTaken ? 'is there already' : null}
            />
            {isTaken && (
              <button type="button" className="link-button" onClick={() => draftProduct(id, { name, replace: true })}>
                Replace it
              </button>
            )}
          </td>
          <td>
            {kind === 'raster' ? (
              <Select
                label={`Role of ${product.name}`}
                isLabelHidden
                isAssumed={draft.role === undefined}
                value={role}
                onChange={(next: SourceRole) => draftProduct(id, { role: next })}
                choices={(['target', 'predictor', 'mask', 'unassigned'] as const).map((each) => ({
                  id: each,
                  name: roleWords[each],
                }))}
              />
            ) : (
              'Stations'
            )}
          </td>
          {kind === 'raster' ? <RasterCells product={product} /> : <StationCells product={product} />}
        </>
      ) : (
        <td colSpan={7}>
          <AskingCell product={product} />
        </td>
      )}
    </tr>
  )
}

function AskingCell({ product: { kind, refusal, id } }: { readonly product: SurveyedProduct }) {
  if (kind === 'station list' && refusal === null)
    return <span className="text-2">A list of stations. It says where the stations of the tables beside it are.</span>
  return (
    <span className="import-question">
      {inWindowWords(refusal?.message.split('\n')[0] ?? '')}{' '}
      <button type="button" className="link-button" onClick={() => useImport.setState({ opened: id })}>
        Answer
      </button>
    </span>
  )
}

function RasterCells({ product: { raster } }: { readonly product: SurveyedProduct }) {
  if (!raster) return <td colSpan={5}>–</td>
  const { variables, days, missing, duplicated } = raster
  const [first] = variables
  const isSeveral = variables.length > 1
  const isAssumed = (what: 'unit' | 'scale') => variables.some(({ assumed }) => assumed.includes(what))
  const units = [
    ...new Set(variables.map(({ unit }) => formatUnit(unit) || (unit === '1' ? 'none (ratio)' : 'not stated'))),
  ]
  const scales = [...new Set(variables.map(({ scale, offset }) => scaleText(scale, offset)))]
  return (
    <>
      <td title={variables.map(({ name }) => name).join(', ')}>
        {isSeveral ? `${first.name} and ${variables.length - 1} more` : first.name}
      </td>
      <td>
        <span className={isAssumed('unit') ? 'assumed' : ''}>{units.slice(0, 2).join(', ')}</span>
      </td>
      <td>
        <span className={isAssumed('scale') ? 'assumed' : ''}>{scales.slice(0, 2).join(', ')}</span>
      </td>
      <td title={raster.crsName}>{raster.cellText}</td>
      <td className="import-dates">
        {days.length === 0 ? (
          <span className="text-2">static</span>
        ) : (
          <>
            <span>{spanWords(days[0], days.at(-1) ?? null)}</span>
            <span className="text-2">
              {[
                counted(days.length, 'day'),
                missing.length > 0 ? `${missing.length} missing` : '',
                duplicated.length > 0 ? `${duplicated.length} twice` : '',
              ]
                .filter(Boolean)
                .join(', ')}
            </span>
            <CoverageStrip days={days} duplicated={duplicated} label={`Dates found: ${days.length}`} />
          </>
        )}
      </td>
    </>
  )
}

function StationCells({ product: { stations } }: { readonly product: SurveyedProduct }) {
  if (!stations) return <td colSpan={5}>–</td>
  const { variables, period, crs, observations } = stations
  const names = [...new Set(variables.map(({ name }) => name))]
  const units = [...new Set(variables.map(({ unit }) => formatUnit(unit) || 'not stated'))]
  return (
    <>
      <td title={names.join(', ')}>{names.length > 1 ? `${names[0]} and ${names.length - 1} more` : names[0]}</td>
      <td>
        <span className={variables.some(({ unit }) => unit === '') ? 'assumed' : ''}>
          {units.slice(0, 2).join(', ')}
        </span>
      </td>
      <td className="text-2">–</td>
      <td>
        {counted(stations.stations.length, 'station')}
        {crs === '' && !stations.settings.stationsFile && <span className="assumed"> no places</span>}
      </td>
      <td className="import-dates">
        {period && <span>{spanWords(period.from.slice(0, 10), period.to.slice(0, 10))}</span>}
        <span className="text-2">{counted(observations, 'observation')}</span>
      </td>
    </>
  )
}

function scaleText(scale: number, offset: number): string {
  if (scale === 1 && offset === 0) return '×1'
  return `×${Number(scale.toPrecision(6))}${offset === 0 ? '' : ` ${offset < 0 ? '−' : '+'} ${Math.abs(offset)}`}`
}
