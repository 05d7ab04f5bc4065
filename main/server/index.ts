export { configFolder } from './config-folder.ts'
export { pageFolder } from './page-folder.ts'
export { startServer } from './start-server.ts'
export type { RunningServer, ServerOptions } from './start-server.ts'
