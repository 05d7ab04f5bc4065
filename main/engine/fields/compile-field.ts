import { LoamError } from '../../contract/index.ts'
import type { FieldExpression } from '../../contract/index.ts'
import type { RasterReader } from '../raster/index.ts'
import { BlockCache } from './block-cache.ts'
import type { CompiledField, Compiling } from './compiled-field.ts'
import { constant } from './constant.ts'
import type { FieldContext } from './field-context.ts'
import type { Field } from './field.ts'
import { forms } from './forms.ts'
import { nameHint } from './near-names.ts'
import { rasterSeries } from './raster-series.ts'

/** Bytes of derived native blocks kept for reading again, per raster reader: about 200 squares of 256 × 256 cells. */
const cacheBytes = 64 * 1024 * 1024
const caches = new WeakMap<RasterReader, BlockCache>()
/** More parts than any method needs; names that multiply each other stop here instead of filling memory. */
const mostParts = 2000

/** Makes a field of an expression, all its names looked up and checked.
 *  @param name the field's name, under which errors and tables speak of it
 *  @throws unknown_name, bad_recipe, conflicting_dates, no_dates, unit_mismatch, unsupported_grid; the message names
 *  the place inside the expression, such as `evi.bands.red` */
export function compileField(name: string, expression: FieldExpression, context: FieldContext): Field {
  let cache = caches.get(context.reader)
  if (!cache) caches.set(context.reader, (cache = new BlockCache(cacheBytes)))
  const blocks = cache
  let parts = 0
  return compile(expression, name, [])

  /** @param open recipe fields being resolved, outermost first */
  function compile(each: FieldExpression, path: string, open: readonly string[]): CompiledField {
    if (++parts > mostParts)
      throw new LoamError(
        'bad_recipe',
        `Field "${name}" is made of more than ${mostParts} parts. Look for named fields that use each other over and over, and simplify them.`,
        { field: name },
      )
    const at: Compiling = {
      path,
      context,
      cache: blocks,
      inner: (inside, step) => compile(inside, `${path}.${step}`, open),
    }
    if (typeof each === 'number') return constant({ constant: each }, at)
    if (typeof each !== 'string') return compileForm(each, at)
    if (!Object.hasOwn(context.named, each)) return rasterSeries(seriesOfText(each, at), at)
    if (open.includes(each)) throw cycle([...open.slice(open.indexOf(each)), each], path)
    return compile(context.named[each], path, [...open, each])
  }
}

function compileForm(expression: Exclude<FieldExpression, string | number>, at: Compiling): CompiledField {
  const names = Object.keys(forms) as (keyof typeof forms)[]
  const name = names.find((each) => each in expression)
  if (!name)
    throw new LoamError(
      'bad_recipe',
      `Field "${at.path}" has none of the forms ${names.join(', ')}. Mend the expression.`,
      {
        field: at.path,
      },
    )
  const form = forms[name] as (expression: never, at: Compiling) => CompiledField
  return form(expression as never, at)
}

/** `dem` is a dataset with one variable, `s2.nir` a variable of a dataset. Names may hold dots themselves. */
function seriesOfText(text: string, at: Compiling): { series: string; variable?: string } {
  const { datasets, named } = at.context
  if (datasets.has(text)) return { series: text }
  for (let dot = text.lastIndexOf('.'); dot > 0; dot = text.lastIndexOf('.', dot - 1))
    if (datasets.has(text.slice(0, dot))) return { series: text.slice(0, dot), variable: text.slice(dot + 1) }
  const known = [
    ...Object.keys(named),
    ...[...datasets.values()].flatMap((dataset) =>
      dataset.variables.length === 1
        ? [dataset.name]
        : dataset.variables.map((variable) => `${dataset.name}.${variable.name}`),
    ),
  ]
  throw new LoamError(
    'unknown_name',
    `Field "${at.path}" uses the name "${text}", which is neither a field of the recipe nor a raster dataset. ${nameHint(text, known)}`,
    { field: at.path, name: text },
  )
}

function cycle(names: readonly string[], path: string): LoamError {
  return new LoamError(
    'bad_recipe',
    `Field "${path}" needs itself: ${names.join(' → ')}. Break the circle; for a dataset of the same name as a field write {"series": "${names.at(-1)}"}.`,
    { field: path, cycle: [...names] },
  )
}
