// The ramps are part of the contract, because reports draw maps with them too.
export * from '../../../main/contract/ramps.ts'
