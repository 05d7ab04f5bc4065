import { useMemo } from 'react'
import { endpoints } from '../../../../main/contract/index.ts'
import type { AcceptResult, Survey, SurveyedProduct, SurveyedVariable } from '../../../../main/contract/index.ts'
import { call } from '../../../api/client.ts'
import { useSurvey } from '../../../api/surveys.ts'
import { taskResult } from '../../../api/tasks.ts'
import { say, sayFault } from '../../../state/notices.ts'
import { useSources } from '../../../state/sources.ts'
import { session } from '../../../state/session.ts'
import { stepHistory } from '../../../state/workspace.ts'
import { Button } from '../../../widgets/Button.tsx'
import { EmptyState, ErrorStrip, LoadingRows } from '../../../widgets/PanelState.tsx'
import { ProgressBar } from '../../../widgets/ProgressBar.tsx'
import { Sheet } from '../../../widgets/Sheet.tsx'
import { formatBytes, formatCount } from '../../../widgets/format.ts'
import { counted } from '../words.ts'
import { layersOfImport } from '../add-to-map.ts'
import { closeImport, letGo } from './begin-import.ts'
import { resetImport, useImport } from './import-store.ts'
import type { ProductDraft } from './import-store.ts'
import { ProductTable } from './ProductTable.tsx'
import { RefusedFiles } from './RefusedFiles.tsx'
import './import.css'

/** What was dropped, product by product, before it is added. */
export function ImportSheet() {
  const { isOpen, survey: id, found, upload, fault, drafts } = useImport()
  const survey = useSurvey(isOpen ? id : null)
  const { datasets, stationSets } = useSources()
  const taken = useMemo(() => new Set([...datasets, ...stationSets].map(({ name }) => name)), [datasets, stationSets])
  const products = survey.data?.products ?? []
  const chosen = chosenProducts(products, drafts, taken)
  const isComing = found !== null || upload !== null
  const add = () => {
    if (!survey.data) return
    void addProducts(survey.data, chosen, useImport.getState().batch)
    // Closed, and free for what is dropped next.
    resetImport()
  }
  return (
    <Sheet
      title={titleOf(survey.data)}
      isOpen={isOpen}
      size="large"
      onClose={closeImport}
      footer={
        <>
          <Progress survey={survey.data} />
          <Button onPress={closeImport}>{isComing ? 'Cancel' : 'Leave all out'}</Button>
          <Button look="primary" isDisabled={chosen.length === 0} onPress={add}>
            {chosen.length === 0 ? 'Add datasets' : `Add ${counted(chosen.length, 'dataset')}`}
          </Button>
        </>
      }
    >
      <div className="import">
        {fault !== null && <ErrorStrip fault={fault} />}
        {survey.error && <ErrorStrip fault={survey.error} onRetry={() => void survey.refetch()} />}
        {found !== null && (
          <ProgressBar
            label="Reading the folders"
            value={null}
            text={found === 0 ? 'Reading what was dropped' : `${counted(found, 'file')} found so far`}
          />
        )}
        {upload && (
          <ProgressBar
            label="Sending files to the engine"
            value={upload.bytes > 0 ? upload.bytesDone / upload.bytes : null}
            text={`${formatCount(upload.filesDone)} of ${counted(upload.files, 'file')} sent, ${formatBytes(upload.bytesDone)} of ${formatBytes(upload.bytes)}. They are kept beside the project file.`}
          />
        )}
        {!isComing && !survey.error && fault === null && products.length === 0 && <FirstLook survey={survey.data} />}
        {survey.data && products.length > 0 && <ProductTable survey={survey.data} taken={taken} />}
        {survey.data && survey.data.refused.length > 0 && <RefusedFiles files={survey.data.refused} />}
      </div>
    </Sheet>
  )
}

function FirstLook({ survey }: { readonly survey: Survey | undefined }) {
  if (survey && survey.state !== 'looking' && survey.refused.length === 0)
    return (
      <EmptyState>
        There is nothing here Loam reads: rasters (GeoTIFF, NetCDF, HDF, GRIB, ASCII grids), station tables (CSV) and
        ISMN files, folders and archives.
      </EmptyState>
    )
  return survey?.state === 'done' ? null : <LoadingRows rows={5} label="Looking into files" />
}

function Progress({ survey }: { readonly survey: Survey | undefined }) {
  if (survey?.state !== 'looking') return <span className="import-progress" />
  return (
    <span className="import-progress">
      <ProgressBar
        label="Looking into files"
        value={survey.files > 0 ? survey.looked / survey.files : null}
        text={
          survey.files > 0 ? `${formatCount(survey.looked)} of ${counted(survey.files, 'file')} read` : 'Listing files'
        }
      />
    </span>
  )
}

function titleOf(survey: Survey | undefined): string {
  if (!survey || survey.files === 0) return 'Import'
  const usable = survey.products.filter(({ refusal, kind }) => refusal === null && kind !== 'station list').length
  const asking = survey.products.filter(({ refusal }) => refusal !== null).length
  return [
    `Import · ${counted(survey.files, 'file')}`,
    `${counted(usable, 'product')} recognised`,
    ...(asking > 0 ? [`${formatCount(asking)} with a question`] : []),
    ...(survey.refused.length > 0 ? [`${formatCount(survey.refused.length)} refused`] : []),
  ].join(' · ')
}

interface Chosen {
  readonly id: string
  readonly name: string
  readonly role: SurveyedProduct['role']
  readonly replace: boolean
  /** Null for stations. */
  readonly variables: readonly SurveyedVariable[] | null
}

/** Products that are added as they are: chosen, without a question, under a name that is free. */
function chosenProducts(
  products: readonly SurveyedProduct[],
  drafts: Readonly<Record<string, ProductDraft>>,
  taken: ReadonlySet<string>,
): Chosen[] {
  return products.flatMap((product) => {
    const { id, refusal, kind } = product
    const draft = drafts[id] ?? {}
    if (draft.isLeftOut || refusal !== null || kind === 'station list') return []
    const { name = product.name, role = product.role, replace = false } = draft
    return name.trim() === '' || (taken.has(name) && !replace)
      ? []
      : [{ id, name, role, replace, variables: product.raster?.variables ?? null }]
  })
}

async function addProducts({ id: survey }: Survey, products: readonly Chosen[], batch: string | null): Promise<void> {
  try {
    const rasters = products.flatMap(({ name, role, variables }) => (variables ? [{ name, role, variables }] : []))
    const body = {
      products: products.map(({ id, name, role, replace }) => ({ id, name, role, replace })),
      layers: layersOfImport(rasters),
    }
    const begun = await call(endpoints.acceptProducts, { params: { survey }, body })
    const { datasets, stationSets, failed } = await taskResult<AcceptResult>(begun)
    const added = [...datasets, ...stationSets]
    for (const { name, message } of failed) say('bad', `${name} was not added. ${message}`)
    if (added.length > 0) {
      say('good', added.length === 1 ? `Added ${added[0]}.` : `Added ${added.length} datasets.`, {
        title: 'Undo',
        run: () => void stepHistory('undo'),
      })
      const target = products.find(({ name, role }) => role === 'target' && datasets.includes(name))?.name
      const first = target ?? datasets[0]
      session().set({
        place: 'data',
        selection: first ? { kind: 'dataset', name: first } : { kind: 'stationSet', name: stationSets[0] },
      })
    }
  } catch (thrown) {
    sayFault(thrown)
  } finally {
    void letGo(survey, batch).catch(sayFault)
  }
}
