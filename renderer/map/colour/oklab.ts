export * from '../../../main/contract/oklab.ts'
