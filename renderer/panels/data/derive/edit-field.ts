import { LayerStyle, renameInWorkspace } from '../../../../main/contract/index.ts'
import type { FieldExpression, KrigedStations, LayerSource, Workspace } from '../../../../main/contract/index.ts'
import { suggestedRamp } from '../../../map/colour/layer-look.ts'
import { say } from '../../../state/notices.ts'
import { editWorkspace, newId } from '../../../state/workspace.ts'
import { fieldsOf } from './field-uses.ts'
import { sameField } from './form-of.ts'

interface NewField {
  readonly name: string
  readonly expression: FieldExpression
  readonly isPredictor: boolean
  readonly isLayer: boolean
  readonly unit: string
  readonly kind: Parameters<typeof suggestedRamp>[2]
}

/** The field, its part and its layer are one step. */
export function addField({ name, expression, isPredictor, isLayer, unit, kind }: NewField): void {
  editWorkspace(`Derive ${name}`, (document): Workspace => {
    const { fields = {}, predictors = {} } = document.recipe as Record<string, Record<string, FieldExpression>>
    const { [name]: _former, ...others } = fields
    const layer = {
      id: newId('l'),
      name,
      source: { of: 'field' as const, expression, fields: others, name },
      isVisible: true,
      style: LayerStyle.parse({ ramp: suggestedRamp(name, unit, kind) }),
    }
    const recipe = {
      ...document.recipe,
      fields: { ...fields, [name]: expression },
      ...(isPredictor ? { predictors: { ...predictors, [name]: name } } : {}),
    } as Workspace['recipe']
    return { ...document, recipe, layers: isLayer ? [layer, ...document.layers] : document.layers }
  })
}

/** The standard error of a kriged field above it: the root of its kriging variance. */
export function addErrorMap(name: string, expression: FieldExpression, unit: string): void {
  const variance = { ...(expression as KrigedStations), output: 'variance' as const }
  const title = `${name}, standard error`
  editWorkspace(`Add ${title}`, (document): Workspace => {
    const fields = fieldsOf(document)
    const layer = {
      id: newId('l'),
      name: title,
      source: {
        of: 'field' as const,
        expression: { formula: 'sqrt(variance)', inputs: { variance }, unit },
        fields,
        name: title,
      },
      isVisible: true,
      style: LayerStyle.parse({ ramp: suggestedRamp(title, unit, 'continuous'), range: { mode: 'dataset' } }),
    }
    return { ...document, layers: [layer, ...document.layers] }
  })
  say('good', `${title} is a layer.`)
}

/** A field made anew in its place, and under another name where one is given: one step. Predictors, fields and layers made of it
 *  follow. */
export function changeField(name: string, to: string, expression: FieldExpression): void {
  const label = name === to ? `Change ${name}` : `Change ${name} to ${to}`
  editWorkspace(label, (document): Workspace => {
    const renamed = name === to ? document : renameInWorkspace(document, { of: 'field', from: name, to })
    const former = fieldsOf(renamed)[to]
    const recipe = { ...renamed.recipe, fields: { ...fieldsOf(renamed), [to]: expression } } as Workspace['recipe']
    const layers = renamed.layers.map((layer) => ({ ...layer, source: follow(layer.source, to, former, expression) }))
    return { ...renamed, recipe, layers }
  })
}

/** A layer holds the field as it was when it was made; it goes along unless it was something else already. */
function follow(
  source: LayerSource,
  name: string,
  former: FieldExpression | undefined,
  expression: FieldExpression,
): LayerSource {
  if (source.of === 'difference')
    return { ...source, a: follow(source.a, name, former, expression), b: follow(source.b, name, former, expression) }
  if (source.of !== 'field' || former === undefined) return source
  const isItself = source.name === name && sameField(source.expression, former)
  const inner = source.fields[name]
  const isMadeOfIt = inner !== undefined && sameField(inner, former)
  return {
    ...source,
    ...(isItself ? { expression } : {}),
    ...(isMadeOfIt ? { fields: { ...source.fields, [name]: expression } } : {}),
  }
}
