import type { FieldExpression } from '../../../../main/contract/index.ts'
import { bandsOf, emptyForm, expressionOf, kindWords, sourceOf } from './field-forms.ts'
import type { FieldForm } from './field-forms.ts'
import { formOf } from './form-of.ts'

/** A field as the steps that make it: each a form, of which an input is a name or, written `step:<id>`, another step. What was taken
 *  out stays among the forms, so that it can be put back. */
export interface FieldSteps {
  readonly forms: Readonly<Record<string, FieldForm>>
  /** The last step, whose result is the field. */
  readonly root: string
}

export const oneStep: FieldSteps = { forms: { s1: emptyForm }, root: 's1' }

const mark = 'step:'
export const stepInput = (id: string): string => `${mark}${id}`
/** The step that an input is; null for a name or none. */
export const stepIn = (input: string | null): string | null =>
  input?.startsWith(mark) ? input.slice(mark.length) : null

/** The steps of an expression: one for each expression inside another. What has no form is a step as text.
 *  @param others whose names are taken */
export function stepsOf(expression: FieldExpression, others: Pick<FieldSteps, 'forms'> = { forms: {} }): FieldSteps {
  const forms: Record<string, FieldForm> = {}
  let made = highest(others)
  const add = (each: FieldExpression): string => {
    const id = `s${++made}`
    // Those inside become steps only once it is known that this one has a form.
    const own: Record<string, FieldExpression> = {}
    const form = formOf(
      each,
      (inner) => {
        const name = plainName(inner)
        if (name !== null) return name
        const key = `i${Object.keys(own).length}`
        own[key] = inner
        return stepInput(key)
      },
      (input) => own[stepIn(input) ?? ''] ?? sourceOf(input),
    )
    forms[id] = slotsOf(form).reduce((filled, { key, input }) => {
      const inner = own[stepIn(input) ?? '']
      return inner === undefined ? filled : withInput(filled, key, stepInput(add(inner)))
    }, form)
    return id
  }
  return { root: add(expression), forms }
}

/** What an input is called without a step of its own: a field or dataset, or what stations measured; null where it needs one. */
function plainName(input: FieldExpression): string | null {
  if (typeof input === 'string') return input
  if (typeof input !== 'object' || !('weather' in input) || input.station !== undefined) return null
  const { weather, variable } = input
  return weather.includes('|') || variable.includes('|') ? null : `weather:${weather}|${variable}`
}

/** What a step makes, all before it included; null while a part is missing. */
export function expressionOfStep(
  { forms }: Pick<FieldSteps, 'forms'>,
  id: string,
  krigingCrs?: (set: string) => string | null,
): FieldExpression | null {
  const read = (each: string): FieldExpression | null =>
    expressionOf(forms[each], krigingCrs, (input) => {
      const inner = stepIn(input)
      return inner === null ? sourceOf(input) : read(inner)
    })
  return read(id)
}

/** An input of a form that a step can be. */
export interface Slot {
  /** Its place in the form: `input`, `bands.nir`, `inputs.0`. */
  readonly key: string
  readonly label: string
  readonly input: string | null
}

/** The inputs of a form, the main one first. */
export function slotsOf(form: FieldForm): readonly Slot[] {
  switch (form.kind) {
    case 'index':
      return bandsOf[form.index].map((band) => ({ key: `bands.${band}`, label: band, input: form.bands[band] || null }))
    case 'mask':
      return [
        { key: 'input', label: 'Field to mask', input: form.input },
        { key: 'by', label: 'Masked by', input: form.by },
      ]
    case 'fill':
      return [{ key: 'input', label: 'Field with gaps', input: form.input }]
    case 'antecedent':
      return [{ key: 'input', label: 'Daily field', input: form.input }]
    case 'terrain':
      return [{ key: 'input', label: 'Elevation', input: form.input }]
    case 'kriged':
      return [
        ...(form.isOfResiduals ? [{ key: 'residualsOf', label: 'Residuals of', input: form.residualsOf }] : []),
        { key: 'drift', label: 'Drift', input: form.drift },
      ]
    case 'formula':
      return form.inputs.map(({ name, source }, i) => ({
        key: `inputs.${i}`,
        label: name || `input ${i + 1}`,
        input: source || null,
      }))
    case 'distance':
    case 'calendar':
    case 'coordinate':
    case 'constant':
    case 'written':
      return []
  }
}

/** The form with an input in its place. */
export function withInput(form: FieldForm, key: string, input: string | null): FieldForm {
  const [table, name] = key.split('.')
  if (table === 'bands') return { ...form, bands: { ...form.bands, [name]: input ?? '' } }
  if (table === 'inputs')
    return {
      ...form,
      inputs: form.inputs.map((each, i) => (i === Number(name) ? { ...each, source: input ?? '' } : each)),
    }
  return { ...form, [key]: input }
}

/** A step as a row of the list. */
export interface StepRow {
  readonly id: string
  /** Position from 1, innermost first: a step's number is above those of its inputs. */
  readonly number: number
  /** Steps between it and the result. */
  readonly depth: number
  /** What takes it; null for the result. */
  readonly user: { readonly id: string; readonly slot: Slot } | null
}

/** The steps that make the result, in the order they are computed. */
export function rowsOf({ forms, root }: FieldSteps): readonly StepRow[] {
  const rows: StepRow[] = []
  const seen = new Set<string>()
  const visit = (id: string, depth: number, user: StepRow['user']): void => {
    if (seen.has(id)) return
    seen.add(id)
    for (const slot of slotsOf(forms[id])) {
      const inner = stepIn(slot.input)
      if (inner !== null) visit(inner, depth + 1, { id, slot })
    }
    rows.push({ id, number: rows.length + 1, depth, user })
  }
  visit(root, 0, null)
  return rows
}

/** Steps that were taken out and can be an input of a step: none that is made of it. */
export function stepsTakenOut(steps: FieldSteps, at: string): readonly string[] {
  const used = new Set(rowsOf(steps).map(({ id }) => id))
  return Object.keys(steps.forms).filter(
    (id) => !used.has(id) && !rowsOf({ ...steps, root: id }).some((row) => row.id === at),
  )
}

/** A new step that makes an input of a step, of what was there. It fills gaps until another way is chosen. */
export function insertBefore(steps: FieldSteps, id: string, key: string): { steps: FieldSteps; added: string } {
  const added = `s${highest(steps) + 1}`
  const { input = null } = slotsOf(steps.forms[id]).find((slot) => slot.key === key) ?? {}
  const forms = {
    ...steps.forms,
    [added]: { ...emptyForm, kind: 'fill' as const, input },
    [id]: withInput(steps.forms[id], key, stepInput(added)),
  }
  return { steps: { ...steps, forms }, added }
}

/** A new step that is made of a step and stands in its place. */
export function insertAfter(steps: FieldSteps, id: string): { steps: FieldSteps; added: string } {
  const added = `s${highest(steps) + 1}`
  const next = { ...emptyForm, kind: 'fill' as const, input: stepInput(id) }
  return { steps: putInPlace({ ...steps, forms: { ...steps.forms, [added]: next } }, id, stepInput(added)), added }
}

/** The steps without one: its main input stands in its place. Null where the field would be nothing but a name. */
export function takeOut(steps: FieldSteps, id: string): FieldSteps | null {
  const main = slotsOf(steps.forms[id])[0]?.input ?? null
  if (id === steps.root && stepIn(main) === null) return null
  return putInPlace(steps, id, main)
}

/** The steps with something else where a step is taken. */
export function putInPlace(steps: FieldSteps, id: string, input: string | null): FieldSteps {
  if (id === steps.root) return { ...steps, root: stepIn(input) ?? steps.root }
  const { user } = rowsOf(steps).find((row) => row.id === id) ?? {}
  if (!user) return steps
  return { ...steps, forms: { ...steps.forms, [user.id]: withInput(steps.forms[user.id], user.slot.key, input) } }
}

const highest = ({ forms }: Pick<FieldSteps, 'forms'>): number =>
  Math.max(0, ...Object.keys(forms).map((id) => Number(id.slice(1))))

/** The name that a step is made of first, through the steps before it; empty where there is none. */
export function mainName(steps: FieldSteps, id: string): string {
  const main = slotsOf(steps.forms[id])[0]?.input ?? ''
  const inner = stepIn(main)
  return inner === null ? main : mainName(steps, inner)
}

/** What a step is in a few words: its kind and what it is made of. */
export function stepWords({ forms, root }: FieldSteps, id: string): string {
  const form = forms[id]
  const numbers = new Map(rowsOf({ forms, root }).map((row) => [row.id, row.number]))
  const of = slotsOf(form).flatMap(({ input }) => (input ? [inputWords(input, numbers)] : []))
  const own = form.kind === 'index' ? form.index : kindWords[form.kind].name
  const rest = form.kind === 'kriged' || form.kind === 'distance' ? [form.set ?? '…', ...of] : of
  return rest.length === 0 ? own : `${own}: ${rest.join(', ')}`
}

function inputWords(input: string, numbers: ReadonlyMap<string, number>): string {
  const step = stepIn(input)
  if (step !== null) return numbers.has(step) ? `step ${numbers.get(step)}` : 'a step'
  if (!input.startsWith('weather:')) return input
  const [set, variable] = input.slice('weather:'.length).split('|')
  return `${variable} of ${set}`
}
