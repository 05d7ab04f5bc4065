import type { ReactNode } from 'react'
import { hintOf } from '../../../main/contract/index.ts'
import type { RunProvenance } from '../../../main/contract/index.ts'
import { useRunProvenance } from '../../api/run-queries.ts'
import { Button, IconButton } from '../../widgets/Button.tsx'
import { EmptyState, ErrorStrip, LoadingRows } from '../../widgets/PanelState.tsx'
import { formatBytes, formatCount, formatUnit } from '../../widgets/format.ts'
import { copyText } from './run-actions.ts'
import { useShownRun } from './runs-state.ts'

/** Settings and provenance of the run: everything it was computed from, down to files and hashes. */
export function RunsRight() {
  const id = useShownRun()
  const provenance = useRunProvenance(id)
  if (id === null) return <EmptyState>The settings and the provenance of a run stand here.</EmptyState>
  return (
    <>
      <div className="panel-head">
        <h2>Settings and provenance</h2>
      </div>
      {provenance.error && <ErrorStrip fault={provenance.error} onRetry={() => void provenance.refetch()} />}
      {provenance.isLoading && <LoadingRows rows={6} label="Reading the provenance" />}
      {provenance.data && <Provenance of={provenance.data} />}
    </>
  )
}

function Provenance({ of }: { readonly of: RunProvenance }) {
  const { recipe, planId, recipeHash, versions, seed, datasets, stations, files, fineGrid, trainingDays, productDays } =
    of
  return (
    <>
      <div className="panel-section">
        <h3>Recipe</h3>
        <dl className="facts run-settings">
          {settingsOf(recipe).map(([name, value]) => (
            <Fact key={name} name={name} value={value} />
          ))}
        </dl>
        <div className="run-provenance-copy">
          <Button icon="copy" onPress={() => void copyText(JSON.stringify(recipe, null, 2), 'Recipe')}>
            Copy as JSON
          </Button>
        </div>
      </div>
      <div className="panel-section">
        <h3>Computed from</h3>
        <dl className="facts">
          <Fact name="Plan" value={<Hash of={planId} />} />
          <Fact name="Recipe" value={<Hash of={recipeHash} />} />
          <Fact name="Seed" value={seed} />
          <Fact name="Grid" value={`${fineGrid.rows} × ${fineGrid.cols} cells`} />
          <Fact name="Training" value={spanWords(trainingDays)} />
          <Fact name="Maps" value={spanWords(productDays)} />
          {Object.entries(versions).map(([program, version]) => (
            <Fact key={program} name={program} value={version} />
          ))}
        </dl>
      </div>
      <div className="panel-section">
        <h3>Inputs</h3>
        {datasets.map(({ name, files: own, dateRule }) => (
          <details key={name} className="run-inputs">
            <summary>
              {name}{' '}
              <span className="text-2">
                {formatCount(own.length)} {own.length === 1 ? 'file' : 'files'},{' '}
                {formatBytes(own.reduce((sum, { bytes }) => sum + bytes, 0))}
              </span>
            </summary>
            <p className="text-2">{dateRule}</p>
            <Files files={own.map(({ path, sha256 }) => ({ path, sha256 }))} />
          </details>
        ))}
        <dl className="facts">
          {stations.map(({ name, hash }) => (
            <Fact key={name} name={name} value={<Hash of={hash} />} />
          ))}
        </dl>
      </div>
      {files.length > 0 && (
        <div className="panel-section">
          <details className="run-inputs">
            <summary>
              Made <span className="text-2">{formatCount(files.length)} files</span>
            </summary>
            <Files files={files} />
          </details>
        </div>
      )}
    </>
  )
}

const mostFiles = 60

function Files({ files }: { readonly files: readonly { readonly path: string; readonly sha256: string }[] }) {
  return (
    <ul className="run-files">
      {files.slice(0, mostFiles).map(({ path, sha256 }) => (
        <li key={path} title={path}>
          <span className="mono run-file">{path.replace(/^.*[\\/]/, '')}</span> <Hash of={sha256} />
        </li>
      ))}
      {files.length > mostFiles && <li className="text-2">and {formatCount(files.length - mostFiles)} more</li>}
    </ul>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )
}

function Hash({ of }: { readonly of: string }) {
  return (
    <span className="run-hash">
      <code title={of}>{of.slice(0, 10)}</code>
      <IconButton icon="copy" label={`Copy ${of.slice(0, 10)}… whole`} onPress={() => void copyText(of, 'Hash')} />
    </span>
  )
}

function settingsOf(recipe: RunProvenance['recipe']): [string, string][] {
  const { learner, split, target, predictors, product } = recipe
  const { type, ...settings } = learner
  return [
    ['Target', 'stations' in target ? `${target.stations}, ${target.variable}` : words(target.raster)],
    ['Predictors', Object.keys(predictors).join(', ')],
    ['Split', `${split.by.replaceAll('_', ' ')}, ${split.leaveOneOut ? 'one station each' : `${split.folds} folds`}`],
    ['Learner', settingWords('learner.type', type)],
    ...Object.entries(settings).map(([name, value]): [string, string] => {
      const path = `learner.${name}`
      return [hintOf(path).title, settingWords(path, value)]
    }),
    ['Period', `${product.period.from} to ${product.period.to}`],
    ['Quantity', `${product.quantity}, ${formatUnit(product.unit)}`],
  ]
}

/** A setting as the form of the model calls it: `10 rows`; `Trials 14 · Rows in a leaf 2, 50` for a group of settings. */
function settingWords(path: string, value: unknown): string {
  const { unit, choices } = hintOf(path)
  if (Array.isArray(value)) return value.join(', ')
  if (typeof value === 'string') return choices?.[value]?.title ?? value
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (typeof value === 'number') return unit && value !== 1 ? `${value} ${unit}` : String(value)
  if (typeof value !== 'object' || value === null) return words(value)
  return Object.entries(value)
    .map(([name, inner]) => `${hintOf(`${path}.${name}`).title} ${settingWords(`${path}.${name}`, inner)}`)
    .join(' · ')
}

const words = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function spanWords(days: readonly string[]): string {
  if (days.length === 0) return 'none'
  return days.length === 1 ? days[0] : `${formatCount(days.length)} days, ${days[0]} to ${days.at(-1)}`
}
