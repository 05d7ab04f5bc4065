export { RunFollower } from './RunFollower.tsx'
export { RunPage } from './RunPage.tsx'
export { RunsLeft } from './RunsLeft.tsx'
export { RunsRight } from './RunsRight.tsx'
