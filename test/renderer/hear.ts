import type { Page } from 'playwright-core'

export interface Heard {
  readonly atMs: number
  readonly words: string
}

/** Listens to a live region as a screen reader does. @returns asked for what was said so far */
export async function hear(page: Page, region: string): Promise<() => Promise<readonly Heard[]>> {
  await page.evaluate((selector) => {
    const heard: Heard[] = []
    Object.assign(window, { heard })
    const element = document.querySelector(selector)!
    new MutationObserver(() => heard.push({ atMs: Date.now(), words: element.textContent ?? '' })).observe(element, {
      subtree: true,
      childList: true,
      characterData: true,
    })
  }, region)
  return () => page.evaluate(() => (window as unknown as { heard: Heard[] }).heard)
}
