import { compileField } from '../fields/index.ts'
import type { Field } from '../fields/index.ts'
import type { RasterReader } from '../raster/index.ts'
import { planStationSources } from '../runs/index.ts'
import { differenceField } from './difference-field.ts'
import type { LevelReader } from './drawn-layer.ts'
import type { FieldPlan, LayerPlan, PreviewPlan } from './layer-plan.ts'
import { productField } from './product-field.ts'

export interface OpenedField {
  readonly field: Field
  readonly ownLevels?: LevelReader
  close(): void
}

/** Makes the field of a preview; a process without models makes one that knows everything but its values. */
export type OpenPreview = (plan: PreviewPlan) => OpenedField

/** The field that a layer's plan describes. Nothing is read yet.
 *  @throws what `compileField` throws; unit_mismatch, bad_recipe for a difference that makes no sense */
export function openField(plan: LayerPlan, reader: RasterReader, openPreview: OpenPreview): OpenedField {
  switch (plan.of) {
    case 'field':
      return { field: fieldOfPlan(plan, reader), close() {} }
    case 'product': {
      const field = productField(plan)
      return { field, ownLevels: field.readLevel, close: field.close }
    }
    case 'difference': {
      const [a, b] = [plan.a, plan.b].map((each) => openField(each, reader, openPreview))
      return {
        field: differenceField(a.field, b.field),
        close() {
          a.close()
          b.close()
        },
      }
    }
    case 'preview':
      return openPreview(plan)
  }
}

function fieldOfPlan({ name, expression, inputs, fallbackGrid }: FieldPlan, reader: RasterReader): Field {
  const { named, datasets, stations, minValidFraction, crs } = inputs
  const field = compileField(name, expression, {
    named,
    datasets: new Map(datasets.map((dataset) => [dataset.name, dataset])),
    stations: planStationSources(new Map(stations.map((input) => [input.set.name, input]))),
    reader,
    minValidFraction,
    ...(crs === undefined ? {} : { crs }),
  })
  return field.nativeGrid ? field : { ...field, nativeGrid: fallbackGrid }
}
