import { MapService } from '../engine/tiles/index.ts'
import type { ProjectService } from './server-context.ts'

/** Tiles, inspector and previews of the open project; its child processes end with the project. */
export const mapService: ProjectService<MapService> = {
  open(engine) {
    const service = new MapService(engine.project)
    void service.makeAhead()
    return service
  },
  close: (service) => service.close(),
}
