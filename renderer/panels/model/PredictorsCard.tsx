import { useState } from 'react'
import type { Draft, DraftRemark, FieldExpression } from '../../../main/contract/index.ts'
import { useDraftCheck, useRecipeSources } from '../../api/recipe.ts'
import { editDraft, replaceDraft, useDraft, useDraftBase } from '../../state/draft.ts'
import { IconButton } from '../../widgets/Button.tsx'
import { Icon } from '../../widgets/Icon.tsx'
import { MenuButton } from '../../widgets/MenuButton.tsx'
import { Select, TextField } from '../../widgets/fields.tsx'
import { formatUnit } from '../../widgets/format.ts'
import { TypedField, parsed, valueText } from './SettingField.tsx'
import { nameFor, predictorChoices } from './predictor-choices.ts'
import { sizeWords } from './source-words.ts'

/** What the model learns from, in the model's order. */
export function PredictorsCard({ remarks }: { readonly remarks: readonly DraftRemark[] }) {
  const draft = useDraft()
  const sources = useRecipeSources().data
  const [open, setOpen] = useState<string | null>(null)
  const predictors = (draft.predictors ?? {}) as Record<string, FieldExpression>
  const names = Object.keys(predictors)
  const put = (label: string, entries: readonly (readonly [string, unknown])[]) =>
    editDraft(label, 'predictors', Object.fromEntries(entries))
  const entries = Object.entries(predictors)
  const choices = predictorChoices(sources, draft)
  const move = (i: number, step: number) => {
    const next = [...entries]
    const to = i + step
    if (to < 0 || to >= next.length) return
    ;[next[i], next[to]] = [next[to], next[i]]
    put('Order of predictors', next)
  }
  return (
    <>
      <Select
        label="Add a predictor"
        hint="Anything known on the whole fine grid: images, terrain, soil, rain of the days before, the season."
        value={null}
        placeholder="Choose from the project …"
        choices={choices}
        onChange={(id) => {
          const expression = JSON.parse(id) as FieldExpression
          const name = nameFor(expression, names)
          put(`Add predictor ${name}`, [...entries, [name, expression]])
          setOpen(null)
        }}
      />
      <ul className="model-list" aria-label="Predictors">
        {entries.map(([name, expression], i) => (
          <PredictorRow
            key={name}
            name={name}
            expression={expression}
            remarks={remarks.filter(({ path }) => path === `predictors.${name}`)}
            isOpen={open === name}
            onOpen={() => setOpen(open === name ? null : name)}
            onMove={(step) => move(i, step)}
            onRename={(next) => {
              if (next === name || names.includes(next)) return
              put(
                `Rename predictor ${name}`,
                entries.map((each) => (each[0] === name ? [next, expression] : each)),
              )
              setOpen(next)
            }}
            onChange={(next) =>
              put(
                `Predictor ${name}`,
                entries.map((each) => (each[0] === name ? [name, next] : each)),
              )
            }
            onRemove={() =>
              put(
                `Take out ${name}`,
                entries.filter((each) => each[0] !== name),
              )
            }
          />
        ))}
      </ul>
      <NamedFields draft={draft} />
    </>
  )
}

interface PredictorRowProps {
  readonly name: string
  readonly expression: FieldExpression
  readonly remarks: readonly DraftRemark[]
  readonly isOpen: boolean
  readonly onOpen: () => void
  readonly onMove: (step: number) => void
  readonly onRename: (name: string) => void
  readonly onChange: (expression: unknown) => void
  readonly onRemove: () => void
}

function PredictorRow(props: PredictorRowProps) {
  const { name, expression, remarks, isOpen, onOpen, onMove, onRename, onChange, onRemove } = props
  const draft = useDraft()
  const facts = useDraftCheck(draft).data?.predictors.find((each) => each.name === name)
  const worst =
    remarks.find(({ severity }) => severity === 'error') ?? remarks.find(({ severity }) => severity === 'warning')
  const words = facts
    ? [
        formatUnit(facts.unit),
        facts.times === 'static' ? 'static' : facts.times === 'any' ? 'every date' : `${facts.times} dates`,
        facts.cellSize === null ? '' : sizeWords(facts.cellSize, facts.crs ?? ''),
      ]
        .filter(Boolean)
        .join(' · ')
    : ''
  return (
    <li className="predictor">
      <div className="predictor-head">
        <button type="button" className="predictor-name" aria-expanded={isOpen} onClick={onOpen}>
          <Icon name={isOpen ? 'chevronDown' : 'chevronRight'} size={12} />
          {worst && (
            <span className={`predictor-mark predictor-mark-${worst.severity}`} title={worst.message}>
              <Icon name={worst.severity === 'error' ? 'error' : 'warning'} size={14} />
              <span className="visually-hidden">{worst.message}</span>
            </span>
          )}
          <span>{name}</span>
          <span className="predictor-facts">{words}</span>
        </button>
        <MenuButton
          label={`More for ${name}`}
          rows={[
            { id: 'up', title: 'Move up', icon: 'chevronUp', run: () => onMove(-1) },
            { id: 'down', title: 'Move down', icon: 'chevronDown', run: () => onMove(1) },
            { id: 'out', title: 'Take out', icon: 'trash', startsGroup: true, run: onRemove },
          ]}
        />
      </div>
      {isOpen && (
        <div className="form predictor-body">
          {facts && <p className="text-2">{facts.lineage}.</p>}
          {remarks.map(({ message, remedy }) => (
            <p key={message} className="predictor-remark">
              {message} {remedy}
            </p>
          ))}
          <RenameField key={name} name={name} onRename={onRename} />
          <TypedField
            label="How it is made"
            hint="A name, or an expression as in a recipe file: {“fillInTime”: “lst”, “maxAgeDays”: 8}."
            value={expression}
            read={parsed}
            write={valueText}
            onChange={onChange}
          />
        </div>
      )}
    </li>
  )
}

/** The name is taken over with Enter: each letter would be another predictor. */
function RenameField({ name, onRename }: { readonly name: string; readonly onRename: (name: string) => void }) {
  const [text, setText] = useState(name)
  const isValid = /^[A-Za-z_][A-Za-z0-9_]*$/.test(text)
  return (
    <TextField
      label="Name"
      value={text}
      fault={isValid ? null : 'Letters, digits and _, not starting with a digit.'}
      hint="Enter renames."
      onChange={setText}
      onEnter={() => isValid && onRename(text)}
    />
  )
}

/** Fields that predictors are made from. */
function NamedFields({ draft }: { readonly draft: Draft }) {
  const base = useDraftBase()
  const fields = Object.entries((draft.fields ?? {}) as Record<string, FieldExpression>)
  if (fields.length === 0) return null
  const take = (name: string) => {
    const { [name]: _gone, ...rest } = draft.fields as Record<string, FieldExpression>
    replaceDraft(`Take out field ${name}`, { ...draft, fields: rest } as Draft, base)
  }
  return (
    <section className="form">
      <h3>Fields they are made from</h3>
      <ul className="model-list">
        {fields.map(([name, expression]) => (
          <li key={name} className="model-list-row">
            <span className="model-field">
              <strong>{name}</strong> <span className="mono">{valueText(expression)}</span>
            </span>
            <IconButton icon="close" label={`Take out field ${name}`} onPress={() => take(name)} />
          </li>
        ))}
      </ul>
    </section>
  )
}
