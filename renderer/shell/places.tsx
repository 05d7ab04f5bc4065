import type { ComponentType } from 'react'
import type { IconName } from '../widgets/Icon.tsx'
import type { PlaceId } from '../state/session.ts'
import { DataLeft, DataRight, DataStage } from '../panels/data/index.tsx'
import { ExploreDock, ExploreLeft, ExploreRight } from '../panels/explore/index.tsx'
import { ModelDock, ModelLeft, ModelRight } from '../panels/model/index.tsx'
import { RunPage, RunsLeft, RunsRight } from '../panels/runs/index.tsx'
import { ReportLeft, ReportPage } from '../panels/report/index.tsx'
import { ValidateLeft, ValidatePage, ValidateRight } from '../panels/validate/index.tsx'

/** What surrounds the map in one place of the window. */
export interface Place {
  readonly id: PlaceId
  readonly title: string
  readonly icon: IconName
  /** `map`: the map fills the stage; `map-over`: map above, `Stage` below, with a splitter; `page`: `Stage` alone, the map keeps
   *  its picture and waits. */
  readonly layout: 'map' | 'map-over' | 'page'
  readonly Left: ComponentType | null
  readonly Stage: ComponentType | null
  readonly Right: ComponentType | null
  readonly hasTime: boolean
}

/** In the order of the tabs and of Ctrl+1…6. */
export const places: readonly Place[] = [
  {
    id: 'data',
    title: 'Data',
    icon: 'folder',
    layout: 'map-over',
    Left: DataLeft,
    Stage: DataStage,
    Right: DataRight,
    hasTime: true,
  },
  {
    id: 'explore',
    title: 'Explore',
    icon: 'layers',
    layout: 'map-over',
    Left: ExploreLeft,
    Stage: ExploreDock,
    Right: ExploreRight,
    hasTime: true,
  },
  {
    id: 'model',
    title: 'Model',
    icon: 'model',
    layout: 'map-over',
    Left: ModelLeft,
    Stage: ModelDock,
    Right: ModelRight,
    hasTime: true,
  },
  {
    id: 'runs',
    title: 'Runs',
    icon: 'run',
    layout: 'page',
    Left: RunsLeft,
    Stage: RunPage,
    Right: RunsRight,
    hasTime: false,
  },
  {
    id: 'validate',
    title: 'Validate',
    icon: 'chart',
    layout: 'map-over',
    Left: ValidateLeft,
    Stage: ValidatePage,
    Right: ValidateRight,
    hasTime: true,
  },
  {
    id: 'report',
    title: 'Report',
    icon: 'report',
    layout: 'page',
    Left: ReportLeft,
    Stage: ReportPage,
    Right: null,
    hasTime: false,
  },
]

export function placeOf(id: PlaceId): Place {
  return places.find((place) => place.id === id) ?? places[0]
}
