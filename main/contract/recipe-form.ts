import { z } from 'zod'
import { Recipe } from './recipe.ts'
import { hintOf } from './recipe-hints.ts'

export const cardIds = ['target', 'predictors', 'samples', 'learner', 'residual', 'output', 'validation'] as const
/** A part of the model form. */
export type CardId = (typeof cardIds)[number]

/** One setting of the form, as the schema of the recipe has it. */
export interface Setting {
  /** `learner.treeCount`; parts are keys of the recipe. */
  readonly path: string
  readonly card: CardId
  readonly title: string
  readonly why: string
  readonly unit: string
  readonly kind:
    | 'number'
    | 'integer'
    | 'text'
    | 'boolean'
    | 'choice'
    | 'period'
    | 'numbers'
    | 'switch'
    | 'field'
    | 'json'
  /** Undefined: left out of the recipe. */
  readonly default: unknown
  readonly isRequired: boolean
  /** Undefined: no bound. An exclusive bound is told by `isMinExclusive`. */
  readonly min?: number
  readonly max?: number
  readonly isMinExclusive: boolean
  readonly choices: readonly { readonly id: string; readonly title: string; readonly why?: string }[]
  /** Shown only while another setting has this value. */
  readonly when: SettingCondition | null
  /** Of a `switch`: the value it puts in when it is turned on; its parts are settings of their own. */
  readonly on?: unknown
}

export interface SettingCondition {
  readonly path: string
  /** `on`: it is there at all. */
  readonly is: string
  /** What has to hold as well: parts of a switch that only one choice has. */
  readonly within: SettingCondition | null
}

interface Schema {
  readonly type?: string
  readonly default?: unknown
  readonly enum?: readonly string[]
  readonly const?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
}

/** Parts of the recipe that have widgets of their own: fields, grids and lists are chosen from the project. */
const ownWidgets = new Set(['loam', 'grid', 'fields', 'target', 'predictors', 'baseline', 'validation'])

/** Settings that are a field of the project. */
const fieldPaths = new Set(['training.weight'])

const cardOf = (path: string): CardId => {
  if (path.startsWith('product.residual')) return 'residual'
  if (path.startsWith('learner') || path === 'seed') return 'learner'
  if (/^(training|split|minValidFraction)/.test(path)) return 'samples'
  return 'output'
}

let made: readonly Setting[] | null = null

/** Every setting of the model form, made from the schema that checks recipes: a setting added there appears here. */
export function recipeSettings(): readonly Setting[] {
  if (made) return made
  const root = z.toJSONSchema(Recipe, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Schema
  const settings: Setting[] = []
  for (const [name, schema] of Object.entries(root.properties ?? {}))
    if (!ownWidgets.has(name)) collect(settings, name, schema, (root.required ?? []).includes(name), null)
  made = settings
  return made
}

function collect(into: Setting[], path: string, schema: Schema, isRequired: boolean, when: Setting['when']): void {
  const forms = schema.oneOf ?? schema.anyOf
  const discriminator = forms ? discriminatorOf(forms) : null
  if (forms && discriminator) {
    const key = `${path}.${discriminator}`
    const names = forms.map((form) => form.properties?.[discriminator].const ?? '')
    into.push(settingOf(key, { type: 'string', enum: names }, true, when))
    forms.forEach((form, i) => {
      const required = form.required ?? []
      for (const [name, inner] of Object.entries(form.properties ?? {}))
        if (name !== discriminator)
          collect(into, `${path}.${name}`, inner, required.includes(name), {
            path: key,
            is: names[i],
            within: when,
          })
    })
    return
  }
  const isPeriod = schema.properties?.from && schema.properties.to
  if (schema.properties && !isPeriod) {
    const required = schema.required ?? []
    const isOptional = !isRequired && schema.default === undefined
    // An optional group is turned on as a whole; what it then holds are the defaults of its parts.
    if (isOptional)
      into.push({ ...settingOf(path, { type: 'boolean' }, false, when), kind: 'switch', on: defaultsOf(schema) })
    for (const [name, inner] of Object.entries(schema.properties))
      collect(
        into,
        `${path}.${name}`,
        inner,
        required.includes(name),
        isOptional ? { path, is: 'on', within: when } : when,
      )
    return
  }
  into.push(settingOf(path, isPeriod ? { ...schema, type: 'period' } : schema, isRequired, when))
}

/** The key by whose constant the forms of a choice are told apart. */
function discriminatorOf(forms: readonly Schema[]): string | null {
  const keys = Object.keys(forms[0]?.properties ?? {})
  return keys.find((key) => forms.every((form) => form.properties?.[key]?.const !== undefined)) ?? null
}

function defaultsOf({ properties = {}, required = [] }: Schema): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, inner]) => {
      // A choice without a default starts at its first: the schema lists the best first.
      const value = inner.default ?? (required.includes(name) ? inner.enum?.[0] : undefined)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** Bounds that only say "a safe whole number" are none. */
const isBound = (value: number | undefined): value is number =>
  value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER

function settingOf(path: string, schema: Schema, isRequired: boolean, when: Setting['when']): Setting {
  const { title, why, unit = '', choices = {} } = hintOf(path)
  const min = schema.exclusiveMinimum ?? schema.minimum
  return {
    path,
    card: cardOf(path),
    title,
    why,
    unit,
    kind: fieldPaths.has(path) ? 'field' : kindOf(schema),
    default: schema.default,
    isRequired,
    ...(isBound(min) ? { min } : {}),
    ...(isBound(schema.maximum) ? { max: schema.maximum } : {}),
    isMinExclusive: schema.exclusiveMinimum !== undefined,
    choices: (schema.enum ?? []).map((id) => ({ id, title: choices[id]?.title ?? id, why: choices[id]?.why })),
    when,
  }
}

function kindOf({ type, enum: choices, items, prefixItems }: Schema): Setting['kind'] {
  if (choices) return 'choice'
  switch (type) {
    case 'number':
    case 'integer':
    case 'boolean':
    case 'period':
      return type
    case 'string':
      return 'text'
    case 'array':
      return /^(number|integer)$/.test((prefixItems?.[0] ?? items)?.type ?? '') ? 'numbers' : 'json'
    default:
      return 'json'
  }
}
