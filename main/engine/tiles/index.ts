export { MapService } from './map-service.ts'
export type { TileSettings } from './tile-messages.ts'
export { reasonText } from './reason-words.ts'
