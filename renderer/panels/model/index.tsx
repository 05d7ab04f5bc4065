export { ModelDock } from './ModelDock.tsx'
export { ModelLeft } from './ModelLeft.tsx'
export { ModelRight } from './ModelRight.tsx'
