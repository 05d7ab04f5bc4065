export * from './sample-table.ts'
export * from './folds.ts'
