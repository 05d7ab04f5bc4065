export * from './random.ts'
export * from './statistics.ts'
export { incompleteBeta, incompleteGamma, logBeta, logGamma, logIncompleteBeta } from './special-functions.ts'
export * from './distributions.ts'
