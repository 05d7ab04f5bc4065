import './data.css'

export { DataLeft } from './DataLeft.tsx'
export { DataRight } from './DataRight.tsx'
export { DataStage } from './DataStage.tsx'
export { RelinkSheet } from './RelinkSheet.tsx'
export { useDataCommands } from './data-commands.ts'
