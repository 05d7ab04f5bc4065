import { z } from 'zod'
import { Day, Period } from './day.ts'
import { LayerSource } from './layer.ts'

/** How a layer's values become colours. `range` null: fixed for the quantity. */
export const LayerStyle = z.strictObject({
  ramp: z.string().default('moisture'),
  reversed: z.boolean().default(false),
  range: z
    .discriminatedUnion('mode', [
      z.strictObject({ mode: z.literal('quantity') }),
      z.strictObject({ mode: z.literal('dataset') }),
      z.strictObject({ mode: z.literal('view') }),
      z.strictObject({ mode: z.literal('typed'), min: z.number(), max: z.number() }),
    ])
    .default({ mode: 'quantity' }),
  /** Shares its range with the other layers of its quantity and unit. */
  isLinked: z.boolean().default(true),
  /** 0: a continuous ramp; n: n equal classes. */
  classes: z.int().min(0).max(24).default(0),
  opacity: z.number().min(0).max(1).default(1),
  isSmooth: z.boolean().default(false),
  showReasons: z.boolean().default(true),
})
export type LayerStyle = z.infer<typeof LayerStyle>

export const MapLayer = z.strictObject({
  id: z.string(),
  name: z.string(),
  source: LayerSource,
  isVisible: z.boolean().default(true),
  style: LayerStyle.prefault({}),
})
export type MapLayer = z.infer<typeof MapLayer>

/** Which part a station plays: hollow or solid on the map, used to correct or to validate, never both. */
export const StationUse = z.enum(['validation', 'calibration', 'unused'])
export type StationUse = z.infer<typeof StationUse>

/** A chart or view of the map as it was pinned for the report. The picture is a file of the project. */
export const Figure = z.strictObject({
  id: z.string(),
  title: z.string(),
  caption: z.string().default(''),
  /** Relative to the project's folder, `/` between parts. */
  file: z.string(),
  /** UTC milliseconds since 1970. */
  madeAtMs: z.number(),
})
export type Figure = z.infer<typeof Figure>

export const reportSections = [
  'verdict',
  'maps',
  'scores',
  'figures',
  'pinned',
  'careful',
  'methods',
  'settings',
  'inputs',
  'outputs',
] as const
export type ReportSection = (typeof reportSections)[number]

/** What a report says besides what its run found. */
export const ReportSettings = z.strictObject({
  /** Empty: the project's and the run's name. */
  title: z.string().max(200).default(''),
  introduction: z.string().max(20_000).default(''),
  /** In this order. */
  sections: z.array(z.enum(reportSections)).default([...reportSections]),
  /** Days whose maps are shown, evenly spread. */
  maps: z.int().min(0).max(24).default(6),
})
export type ReportSettings = z.infer<typeof ReportSettings>

/** An observation written down in the field. */
export const FieldNote = z.strictObject({
  id: z.string(),
  /** In the workspace's CRS. */
  x: z.number(),
  y: z.number(),
  observedAt: z.iso.datetime(),
  depth: z.tuple([z.number(), z.number()]).nullable(),
  value: z.number().nullable(),
  unit: z.string(),
  note: z.string(),
})
export type FieldNote = z.infer<typeof FieldNote>

/** Everything of a project a person arranges by hand besides data and runs. It is one document with one history: each change is
 *  a labelled step that can be undone, also after a restart. The place, panels, camera, date and selection are no part of it. */
export const Workspace = z.strictObject({
  /** CRS of the map and of all drawn areas; null until the first data or the user decides. */
  crs: z.string().nullable().default(null),
  /** [west, south, east, north] in `crs`. */
  area: z.tuple([z.number(), z.number(), z.number(), z.number()]).nullable().default(null),
  period: Period.nullable().default(null),
  layers: z.array(MapLayer).default([]),
  /** Layers in the order their legends were put in; what is not named follows in the order of the layers. */
  legendOrder: z.array(z.string()).default([]),
  /** A recipe in the making: any part may be missing or wrong; POST /recipe/check says what. */
  recipe: z.record(z.string(), z.json()).default({}),
  /** Datasets that are masks: clouds, water, quality flags. */
  masks: z.array(z.string()).default([]),
  /** Use of single stations, `<set>/<station>` → use; what is not named validates. */
  stationUse: z.record(z.string(), StationUse).default({}),
  /** Pinned cells A–E. */
  pins: z
    .array(z.strictObject({ name: z.string(), x: z.number(), y: z.number() }))
    .max(5)
    .default([]),
  figures: z.array(Figure).default([]),
  report: ReportSettings.prefault({}),
  notes: z.array(FieldNote).default([]),
  /** Saved views: camera and date under a name. */
  bookmarks: z
    .array(z.strictObject({ name: z.string(), x: z.number(), y: z.number(), zoom: z.number(), day: Day.nullable() }))
    .default([]),
  /** Names of datasets and station sets taken out; they stay in the project file, so that taking out can be undone. */
  removed: z
    .strictObject({ datasets: z.array(z.string()).default([]), stationSets: z.array(z.string()).default([]) })
    .prefault({}),
})
export type Workspace = z.infer<typeof Workspace>

export function emptyWorkspace(): Workspace {
  return Workspace.parse({})
}
