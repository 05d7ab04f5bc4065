import { afterAll, beforeAll } from 'vitest'
import { closeBrowser } from './browser.ts'
import type { FinishedFarm } from './finished-farm.ts'

/** A farm that is made once for a file of window tests, and goes after them with their browser. */
export function farmForTests(make: () => Promise<FinishedFarm>): Pick<FinishedFarm, 'folder' | 'copy'> {
  let farm: FinishedFarm
  beforeAll(async () => {
    farm = await make()
  })
  afterAll(async () => {
    farm.remove()
    await closeBrowser()
  })
  return {
    get folder() {
      return farm.folder
    },
    copy: () => farm.copy(),
  }
}
