import type { MapLayer } from '../../../main/contract/index.ts'
import { useTiledLayer } from '../../api/layers.ts'
import { say } from '../../state/notices.ts'
import { useWorkspaceStore } from '../../state/workspace.ts'
import { Button } from '../../widgets/Button.tsx'
import { ErrorStrip, LoadingRows } from '../../widgets/PanelState.tsx'
import { Sheet } from '../../widgets/Sheet.tsx'

/** How a layer was made, as the methods sentence of its field. */
export function LineageSheet({ layer, onClose }: { readonly layer: MapLayer; readonly onClose: () => void }) {
  const crs = useWorkspaceStore((state) => state.document.crs)
  const tiled = useTiledLayer(layer.source, crs)
  const copy = async () => {
    await navigator.clipboard.writeText(tiled.data?.lineage ?? '')
    say('good', 'Copied the methods sentence.')
  }
  return (
    <Sheet
      title={`How ${layer.name} was made`}
      isOpen
      onClose={onClose}
      footer={
        <Button icon="copy" isDisabled={!tiled.data} onPress={() => void copy()}>
          Copy sentence
        </Button>
      }
    >
      {tiled.isLoading && <LoadingRows label="Asking how the layer was made" />}
      {tiled.error && <ErrorStrip fault={tiled.error} onRetry={() => void tiled.refetch()} />}
      {tiled.data && (
        <div className="form">
          <p>{tiled.data.lineage}</p>
          <details>
            <summary>As data</summary>
            <pre>{JSON.stringify(layer.source, null, 2)}</pre>
          </details>
          <p className="text-2 mono">{tiled.data.id}</p>
        </div>
      )}
    </Sheet>
  )
}
