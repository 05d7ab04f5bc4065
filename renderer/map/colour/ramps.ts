// The ramps are part of the contract, because reports draw maps with them too.
export { categoryBytes, isRampName, rampBytes, rampColours, ramps, rampSteps } from '../../../main/contract/index.ts'
export type { Ramp, RampName } from '../../../main/contract/index.ts'
