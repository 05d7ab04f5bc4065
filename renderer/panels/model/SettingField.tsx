import { useState } from 'react'
import type { ReactNode } from 'react'
import { isDay } from '../../../main/contract/index.ts'
import type { Draft, DraftRemark, Setting } from '../../../main/contract/index.ts'
import { useRecipeSources } from '../../api/recipe.ts'
import { editDraft, partAt, useDraftBase } from '../../state/draft.ts'
import { NumberField, Select, Switch, TextField } from '../../widgets/fields.tsx'
import { rasterHint } from './source-words.ts'

interface SettingFieldProps {
  readonly setting: Setting
  readonly draft: Draft
  readonly remarks: readonly DraftRemark[]
}

/** One setting of the recipe: its title, value, unit, default, range, one line of why, and what is wrong with it. */
export function SettingField({ setting, draft, remarks }: SettingFieldProps) {
  const { path, title, unit, kind, choices, min, max } = setting
  const value = partAt(draft, path)
  const base = useDraftBase((state) => state.recipe)
  const was = base ? (partAt(base, path) ?? setting.default) : undefined
  const isChanged = base !== null && JSON.stringify(was ?? null) !== JSON.stringify(value ?? setting.default ?? null)
  const own = remarks.filter((remark) => concerns(remark, setting))
  const fault = own.find(({ severity }) => severity === 'error' || severity === 'missing')
  const set = (next: unknown) => editDraft(title, path, next)
  const bound = typeof value === 'number' && (value === min || value === max) && value !== setting.default
  const hint = (
    <>
      {setting.why} <span className="setting-range">{rangeWords(setting)}</span>
      {bound && (
        <span className="setting-note"> At the bound of its range: look whether beyond it scores are better.</span>
      )}
      {isChanged && <span className="setting-note"> Was {valueWords(was)} in the run it came from.</span>}
    </>
  )
  const common = { label: title, hint, fault: fault ? fault.message : null }
  switch (kind) {
    case 'number':
    case 'integer':
      return (
        <NumberField
          {...common}
          value={typeof value === 'number' ? value : typeof setting.default === 'number' ? setting.default : null}
          isAssumed={value === undefined && setting.default !== undefined}
          unit={unit || undefined}
          min={setting.isMinExclusive ? undefined : min}
          max={max}
          step={kind === 'integer' ? 1 : undefined}
          onChange={(next) => set(next ?? undefined)}
        />
      )
    case 'choice':
      return (
        <Select
          {...common}
          value={(value ?? setting.default ?? null) as string | null}
          isAssumed={value === undefined && setting.default !== undefined}
          choices={choices.map(({ id, title: name, why }) => ({ id, name, hint: why }))}
          onChange={(next) => (path === 'learner.type' ? editDraft(title, 'learner', { type: next }) : set(next))}
        />
      )
    case 'boolean':
    case 'switch': {
      const isOn =
        kind === 'switch' ? value !== undefined : value === true || (value === undefined && setting.default === true)
      const next = (on: boolean) => set(kind === 'switch' ? (on ? setting.on : undefined) : on)
      return (
        <div className="field">
          <Switch isSelected={isOn} onChange={next}>
            {title}
          </Switch>
          <p className="field-hint">{hint}</p>
          {fault && <p className="field-fault">{fault.message}</p>}
        </div>
      )
    }
    case 'period':
      return <PeriodField {...common} value={value} onChange={set} isRequired={setting.isRequired} />
    case 'numbers':
      return (
        <TypedField
          {...common}
          value={value}
          placeholder={numbersText(setting.default) || undefined}
          read={numbersIn}
          write={numbersText}
          onChange={set}
        />
      )
    case 'text':
      return (
        <TextField
          {...common}
          value={typeof value === 'string' ? value : ''}
          placeholder={typeof setting.default === 'string' ? setting.default : undefined}
          isMultiline={path === 'description'}
          onChange={(text) => set(text === '' && !setting.isRequired ? undefined : text)}
        />
      )
    case 'field':
      return <FieldSetting {...common} value={value} onChange={set} draft={draft} />
    case 'json':
      return <TypedField {...common} value={value} read={parsed} write={valueText} onChange={set} />
  }
}

/** True for a remark on the setting itself, or on a part of its value: the second quantile, the end of a period. */
export function concerns(remark: DraftRemark, { path, kind }: Setting): boolean {
  return remark.path === path || (kind !== 'switch' && remark.path.startsWith(`${path}.`))
}

interface TypedFieldProps {
  readonly label: string
  readonly hint?: ReactNode
  readonly fault?: string | null
  readonly value: unknown
  /** What stands for no value; default "none". */
  readonly placeholder?: string
  readonly read: (text: string) => unknown
  readonly write: (value: unknown) => string
  readonly onChange: (value: unknown) => void
}

/** A value typed as text. What was typed stays as it is while it means the value, so that "0.05," can be typed on. */
export function TypedField({
  label,
  hint,
  fault,
  value,
  placeholder = 'none',
  read,
  write,
  onChange,
}: TypedFieldProps) {
  const [typed, setTyped] = useState('')
  const isOwn = JSON.stringify(read(typed) ?? null) === JSON.stringify(value ?? null)
  return (
    <TextField
      label={label}
      hint={hint}
      fault={fault}
      value={isOwn ? typed : write(value)}
      placeholder={placeholder}
      onChange={(text) => {
        setTyped(text)
        onChange(read(text))
      }}
    />
  )
}

interface FieldSettingProps {
  readonly label: string
  readonly hint: ReactNode
  readonly fault: string | null
  readonly value: unknown
  readonly draft: Draft
  readonly onChange: (value: unknown) => void
}

/** No field is called so. */
const noField = '(none)'

/** A field of the recipe or a raster of the project, by name; an expression from a recipe's file stays as it is. */
function FieldSetting({ value, draft, onChange, ...common }: FieldSettingProps) {
  const sources = useRecipeSources()
  const names = [
    ...Object.keys((draft.fields ?? {}) as object).map((name) => ({ id: name, name, hint: 'A field of this recipe' })),
    ...(sources.data?.rasters ?? []).map((raster) => ({
      id: raster.expression,
      name: raster.expression,
      hint: rasterHint(raster),
    })),
  ]
  const text = value === undefined ? noField : valueText(value)
  const isOwn = value !== undefined && !names.some(({ id }) => id === text)
  return (
    <Select
      {...common}
      value={text}
      choices={[
        { id: noField, name: 'none' },
        ...(isOwn ? [{ id: text, name: text, hint: 'As the recipe has it' }] : []),
        ...names,
      ]}
      onChange={(id) => onChange(id === noField ? undefined : parsed(id))}
    />
  )
}

interface PeriodFieldProps {
  readonly label: string
  readonly hint: ReactNode
  readonly fault: string | null
  readonly value: unknown
  readonly isRequired: boolean
  readonly onChange: (value: unknown) => void
}

function PeriodField({ label, hint, fault, value, isRequired, onChange }: PeriodFieldProps) {
  const { from = '', to = '' } = (value ?? {}) as { from?: string; to?: string }
  const set = (part: 'from' | 'to', text: string) => {
    const next = { from, to, [part]: text.trim() }
    onChange(next.from === '' && next.to === '' && !isRequired ? undefined : next)
  }
  const wrong = (text: string) => (text !== '' && !isDay(text) ? 'Write YYYY-MM-DD.' : null)
  return (
    <fieldset className="setting-period">
      <legend className="field-label">{label}</legend>
      <div className="form-row">
        <TextField
          label="From"
          value={from}
          placeholder="YYYY-MM-DD"
          fault={wrong(from)}
          onChange={(text) => set('from', text)}
        />
        <TextField
          label="To"
          value={to}
          placeholder="YYYY-MM-DD"
          fault={wrong(to)}
          onChange={(text) => set('to', text)}
        />
      </div>
      <p className="field-hint">{hint}</p>
      {fault && <p className="field-fault">{fault}</p>}
    </fieldset>
  )
}

function rangeWords({ kind, default: usual, min, max, isMinExclusive, choices }: Setting): string {
  const parts: string[] = []
  if (usual !== undefined && usual !== '') {
    const name = choices.find(({ id }) => id === usual)?.title
    parts.push(`Default: ${name ?? valueWords(usual)}.`)
  }
  if (kind === 'number' || kind === 'integer') {
    if (min !== undefined && max !== undefined) parts.push(`${isMinExclusive ? 'Above' : ''} ${min} to ${max}.`.trim())
    else if (min !== undefined) parts.push(`${isMinExclusive ? 'Above' : 'At least'} ${min}.`)
  }
  return parts.join(' ')
}

function valueWords(value: unknown): string {
  if (value === undefined || value === null) return 'none'
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (Array.isArray(value) && value.every((each) => typeof each === 'number')) return numbersText(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Numbers apart by commas or spaces; undefined for none, the text itself where one is no number, so that the check can say so. */
function numbersIn(text: string): unknown {
  const parts = text.split(/[,;\s]+/).filter(Boolean)
  if (parts.length === 0) return undefined
  return parts.map((part) => (Number.isNaN(Number(part)) ? part : Number(part)))
}

const numbersText = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : '')

export function valueText(value: unknown): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** JSON, or the text itself. */
export function parsed(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
