import { useMemo } from 'react'
import { blankRecipe } from '../../../main/contract/index.ts'
import type { DraftCard, DraftCheck } from '../../../main/contract/index.ts'
import { useDraftCheck } from '../../api/recipe.ts'
import { useCommands } from '../../state/commands.ts'
import type { Command } from '../../state/commands.ts'
import { editDraft, replaceDraft, useDraft, useDraftBase } from '../../state/draft.ts'
import { session } from '../../state/session.ts'
import { Button } from '../../widgets/Button.tsx'
import { Icon } from '../../widgets/Icon.tsx'
import { MenuButton } from '../../widgets/MenuButton.tsx'
import { Chip, EmptyState, ErrorStrip, LoadingLine, LoadingRows } from '../../widgets/PanelState.tsx'
import { TextField } from '../../widgets/fields.tsx'
import { RecipePicker } from './RecipePicker.tsx'
import { StartSheet } from './StartSheet.tsx'
import { cardMarks } from './card-marks.ts'
import { changedPaths } from './changed-paths.ts'
import { cardTitles, useModel } from './model-state.ts'
import { exportDraft, importDraft } from './recipe-files.ts'
import './model.css'

/** The recipe as cards, each folded to one sentence. */
export function ModelLeft() {
  const draft = useDraft()
  const check = useDraftCheck(draft)
  const isBlank = Object.keys(draft).length === 0
  const canRun = check.data?.recipe != null && !check.isPlaceholderData
  const commands = useMemo(
    (): Command[] => [
      {
        id: 'model.run',
        title: 'Run …',
        keys: ['Ctrl+Enter'],
        group: 'Model',
        unavailable: () => (canRun ? null : 'the recipe is not whole yet'),
        run: () => useModel.setState({ isStartOpen: true }),
      },
      { id: 'model.new', title: 'New recipe', group: 'Model', run: () => replaceDraft('New recipe', blankRecipe) },
      {
        id: 'model.shipped',
        title: 'Start from a recipe …',
        group: 'Model',
        run: () => useModel.setState({ isPickerOpen: true }),
      },
      { id: 'model.import', title: 'Import recipe …', group: 'Model', run: () => void importDraft() },
      { id: 'model.export', title: 'Export recipe …', group: 'Model', run: () => void exportDraft() },
    ],
    [canRun],
  )
  useCommands(commands)
  const rows = commands.slice(1).map(({ id, title, run }) => ({ id, title, run }))
  return (
    <div className="model-left">
      <div className="panel-head">
        <h2>Model</h2>
        <MenuButton label="Recipe" rows={rows} />
      </div>
      <LoadingLine isShown={check.isFetching && check.data !== undefined} label="Checking the recipe" />
      {isBlank ? (
        <EmptyState
          action={
            <div className="model-begin">
              <Button look="primary" onPress={() => replaceDraft('New recipe', blankRecipe)}>
                New recipe
              </Button>
              <Button onPress={() => useModel.setState({ isPickerOpen: true })}>Start from a recipe …</Button>
            </div>
          }
        >
          Choose a target and two predictors to see a preview.
        </EmptyState>
      ) : (
        <>
          <div className="model-name">
            <TextField
              label="Recipe"
              value={typeof draft.name === 'string' ? draft.name : ''}
              onChange={(name) => editDraft('Name of the recipe', 'name', name)}
            />
            <Base />
          </div>
          {check.error && <ErrorStrip fault={check.error} onRetry={() => void check.refetch()} />}
          {check.data ? (
            <Cards check={check.data} />
          ) : (
            check.isLoading && <LoadingRows rows={6} label="Checking the recipe" />
          )}
          <div className="model-foot">
            <Doubts check={check.data} />
            <Button
              look="primary"
              icon="play"
              isDisabled={!canRun}
              onPress={() => useModel.setState({ isStartOpen: true })}
            >
              Run …
            </Button>
          </div>
        </>
      )}
      <RecipePicker />
      <StartSheet />
    </div>
  )
}

/** Tells from which run the draft was taken, and how many settings differ by now. */
function Base() {
  const draft = useDraft()
  const { run, recipe } = useDraftBase()
  if (!run || !recipe) return null
  const count = changedPaths(recipe, draft).length
  return (
    <p className="text-2 model-base">
      From run {run}: {count === 0 ? 'nothing changed yet' : `${count} ${count === 1 ? 'setting' : 'settings'} changed`}
    </p>
  )
}

function Doubts({ check }: { readonly check: DraftCheck | undefined }) {
  if (!check) return <span />
  const count = (severity: string) => check.remarks.filter((remark) => remark.severity === severity).length
  const [errors, missing, warnings] = [count('error'), count('missing'), count('warning')]
  return (
    <span className="model-doubts">
      {errors > 0 && <Chip tone="bad">{errors} to mend</Chip>}
      {missing > 0 && <Chip tone="info">{missing} to choose</Chip>}
      {warnings > 0 && <Chip tone="warn">{warnings}</Chip>}
      {errors + missing + warnings === 0 && <Chip tone="good">ready</Chip>}
    </span>
  )
}

function Cards({ check }: { readonly check: DraftCheck }) {
  const open = useModel((state) => state.card)
  const draft = useDraft()
  const base = useDraftBase((state) => state.recipe)
  const changed = base ? changedPaths(base, draft) : []
  const show = (card: DraftCard['id']) => {
    useModel.setState({ card })
    session().set({ panels: { ...session().panels, isRightOpen: true } })
  }
  return (
    <ul className="model-cards" aria-label="Cards of the recipe">
      {check.cards.map(({ id, state, sentence }) => (
        <li key={id}>
          <button
            type="button"
            className={`model-card model-card-${state}`}
            aria-current={id === open ? 'true' : undefined}
            onClick={() => show(id)}
          >
            <Icon name={cardMarks[state].icon} />
            <span className="model-card-title">
              {cardTitles[id]}
              <span className="visually-hidden"> ({cardMarks[state].words})</span>
              {changed.some(({ card }) => card === id) && <Chip tone="info">changed</Chip>}
            </span>
            <span className="model-card-sentence">{sentence}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
