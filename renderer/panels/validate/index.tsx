export { ValidateLeft } from './ValidateLeft.tsx'
export { ValidatePage } from './ValidatePage.tsx'
export { ValidateRight } from './ValidateRight.tsx'
