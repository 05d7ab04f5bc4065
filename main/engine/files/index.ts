export { canonicalJson } from './canonical-json.ts'
export { hashBytes, hashFile, hashJson } from './hash.ts'
export {
  publish,
  publishBytes,
  removeStaleTemporaries,
  syncFile,
  syncFolder,
  temporaryPathFor,
  writingFault,
} from './publish.ts'
export { childEntry, packageRoot } from './child-entry.ts'
export { ScratchFile } from './scratch-file.ts'
export { loamVersion } from './loam-version.ts'
export { requireOutputPlace } from './output-place.ts'
export { requireRoom } from './require-room.ts'
