import { useState } from 'react'
import { create } from 'zustand'
import { endpoints } from '../../main/contract/index.ts'
import type { ShippedRecipe } from '../../main/contract/index.ts'
import { call } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import { cancelTask, taskResult, useTask } from '../api/tasks.ts'
import { sayFault } from '../state/notices.ts'
import { session } from '../state/session.ts'
import { workspaceSaved } from '../state/workspace.ts'
import { chooseFiles } from '../widgets/choose-files.ts'
import { Button } from '../widgets/Button.tsx'
import { ErrorStrip } from '../widgets/PanelState.tsx'
import { ProgressBar } from '../widgets/ProgressBar.tsx'
import { Sheet } from '../widgets/Sheet.tsx'
import { NumberField, TextField } from '../widgets/fields.tsx'
import { dropWords, suggestedProjectName, takeDrop } from './dropped.ts'
import type { Drop } from './dropped.ts'
import { useStartFolder } from './start-folder.ts'

interface OpenSheet {
  readonly kind: 'new' | 'sample' | null
  /** What the new project begins with. */
  readonly dropped: Drop | null
  readonly recipe: ShippedRecipe | null
}

const nothing: OpenSheet = { kind: null, dropped: null, recipe: null }
const useOpenSheet = create<OpenSheet>(() => nothing)
export const openProjectSheet = (kind: 'new' | 'sample', begin: Partial<Omit<OpenSheet, 'kind'>> = {}) =>
  useOpenSheet.setState({ ...nothing, ...begin, kind })

/** New project, or the synthetic sample. Area, grids and period are asked where they are used; each is suggested from the first data. */
export function NewProjectSheet() {
  const { kind, dropped, recipe } = useOpenSheet()
  const close = () => useOpenSheet.setState(nothing)
  return kind && <ProjectSheet key={kind} kind={kind} dropped={dropped} recipe={recipe} onClose={close} />
}

interface ProjectSheetProps {
  readonly kind: 'new' | 'sample'
  readonly dropped: Drop | null
  readonly recipe: ShippedRecipe | null
  readonly onClose: () => void
}

function ProjectSheet({ kind, dropped, recipe, onClose }: ProjectSheetProps) {
  const start = useStartFolder()
  const [typedFolder, setFolder] = useState<string | null>(null)
  const [name, setName] = useState(
    kind === 'sample' ? 'Sample catchment' : dropped ? suggestedProjectName(dropped) : (recipe?.name ?? ''),
  )
  const [days, setDays] = useState<number | null>(30)
  const [size, setSize] = useState<number | null>(500)
  const [fault, setFault] = useState<unknown>(null)
  const [taskId, setTaskId] = useState<string | null>(null)
  const task = useTask(taskId)
  const suggested = start ? `${start}/Loam/${name.trim() || 'New project'}` : ''
  const folder = typedFolder ?? suggested
  const isBusy = taskId !== null

  const make = async () => {
    setFault(null)
    try {
      await workspaceSaved()
      if (kind === 'new') await call(endpoints.createProject, { body: { name: name.trim(), folder } })
      else {
        const body = { folder, days: days ?? 30, size: size ?? 500, seed: 2018 }
        const begun = await call(endpoints.sampleProject, { body })
        setTaskId(begun.id)
        await taskResult(begun)
      }
      if (recipe) await beginWith(recipe)
      await queryClient.invalidateQueries()
      onClose()
      if (dropped) await takeDrop(dropped)
    } catch (thrown) {
      setTaskId(null)
      setFault(thrown)
    }
  }
  const browse = async () => {
    const chosen = await chooseFiles({ title: 'Folder of the project', kind: 'folder', action: 'Use this folder' })
    if (chosen) setFolder(chosen[0])
  }
  return (
    <Sheet
      title={kind === 'new' ? 'New project' : 'Sample project'}
      isOpen
      size="small"
      onClose={onClose}
      footer={
        <>
          {isBusy ? (
            <Button onPress={() => void cancelTask(taskId).catch(sayFault)}>Stop</Button>
          ) : (
            <Button onPress={onClose}>Cancel</Button>
          )}
          <Button look="primary" isDisabled={isBusy || !folder || !name.trim()} onPress={() => void make()}>
            {kind === 'new' ? 'Make project' : 'Make sample project'}
          </Button>
        </>
      }
    >
      <div className="form">
        {kind === 'new' ? (
          <TextField
            label="Name"
            value={name}
            onChange={setName}
            autoFocus
            onEnter={() => name.trim() && void make()}
          />
        ) : (
          <p className="text-2">
            A synthetic catchment with a known truth: 1 km coarse soil moisture, 10 m predictors and stations. It shows
            how Loam works; its numbers say nothing about a real place.
          </p>
        )}
        <div className="form-row">
          <TextField
            label="Folder"
            value={folder}
            onChange={setFolder}
            hint="The project file, its runs and its store lie here. Your data stay where they are."
          />
          <Button onPress={() => void browse()}>Browse …</Button>
        </div>
        {kind === 'sample' && (
          <div className="form-row">
            <NumberField label="Days" value={days} onChange={setDays} min={5} max={366} />
            <NumberField
              label="Side of the area"
              value={size}
              onChange={setSize}
              min={100}
              max={5000}
              step={100}
              unit="cells of 10 m"
            />
          </div>
        )}
        {dropped && (
          <p className="text-2">
            {dropWords(dropped)} is what the project begins with: once it is made, Loam shows what it found in it.
          </p>
        )}
        {recipe && (
          <p className="text-2">
            The recipe is the project’s draft. It needs data under these names: {recipe.lacks.join(', ')}. Add them
            under these names, or change the names in Model.
          </p>
        )}
        {task && (
          <ProgressBar
            label="Making the sample project"
            value={task.total > 0 ? task.done / task.total : null}
            text={task.doing || 'Starting'}
          />
        )}
        {fault !== null && <ErrorStrip fault={fault} />}
      </div>
    </Sheet>
  )
}

/** Makes a recipe the draft of the project just made, before the window reads its document. */
async function beginWith({ name, recipe }: ShippedRecipe): Promise<void> {
  const { document, revision } = await call(endpoints.workspace, {})
  const body = { label: `Start from ${name}`, document: { ...document, recipe }, revision }
  await call(endpoints.putWorkspace, { body })
  session().set({ place: 'model' })
}
