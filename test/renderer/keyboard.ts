import { expect } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import { focusOf } from './reach.ts'

/** The name of what has the focus, as a screen reader would say it first. */
export function nameOfFocus(page: Page): Promise<string> {
  return page.evaluate(() => {
    const at = document.activeElement as HTMLElement | null
    if (!at || at === document.body) return ''
    const labels = (at.getAttribute('aria-labelledby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
    const own = (at as HTMLInputElement).labels?.[0]?.textContent
    return [at.getAttribute('aria-label'), ...labels, own, at.textContent].filter(Boolean).join(' ')
  })
}

/** Goes on with Tab until the element in focus is called so. At each stop the focus has to show, and it is never lost.
 *  @throws with the names of all stops */
export function tabTo(page: Page, name: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  return tabUntil(page, key, String(name), (own) => name.test(own))
}

/** Goes on with Tab until the focus is on a part of the page or inside it: for lists, whose rows are called as other things are too. */
export function tabInto(page: Page, part: Locator, words: string): Promise<void> {
  return tabUntil(page, 'Tab', words, () => part.evaluate((element) => element.contains(document.activeElement)))
}

async function tabUntil(
  page: Page,
  key: 'Tab' | 'Shift+Tab',
  words: string,
  isThere: (name: string) => boolean | Promise<boolean>,
): Promise<void> {
  const seen: string[] = []
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press(key)
    const own = await nameOfFocus(page)
    const { key: element, isMarked } = await focusOf(page)
    // Behind the last stop of the page comes the browser's own bar, once a round.
    if (element !== 'body') expect({ stop: own.slice(0, 60), element, isMarked }).toMatchObject({ isMarked: true })
    if (await isThere(own)) return
    seen.push(own.slice(0, 40))
  }
  throw new Error(`${key} never came to ${words}. It came to: ${[...new Set(seen)].join(' | ')}`)
}

/** Tab to a control and Enter. */
export async function press(page: Page, name: RegExp): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.press('Enter')
}

/** After something closed, changed or finished: the focus has to be on an element, not on the page. */
export async function expectFocusKept(page: Page, after: string): Promise<void> {
  await expect
    .poll(async () => ({ after, on: (await focusOf(page)).key === 'body' ? 'nothing' : 'something' }))
    .toEqual({ after, on: 'something' })
}

/** Opens the select in focus and takes the first choice that begins so. The lists of a panel are lists too: only the opened one
 *  is waited for. */
export async function choose(page: Page, words: string): Promise<void> {
  const opened = page.locator('.popover').getByRole('listbox')
  await page.keyboard.press('Enter')
  await opened.waitFor()
  await page.keyboard.type(words)
  await page.keyboard.press('Enter')
  await opened.waitFor({ state: 'detached' })
}

/** Tabs to a field and types over what it holds. */
export async function write(page: Page, field: RegExp, text: string): Promise<void> {
  await tabTo(page, field)
  await page.keyboard.press('Control+A')
  await page.keyboard.type(text)
}

/** Tabs to a card of the recipe and opens it. */
export async function openCard(page: Page, title: string): Promise<void> {
  await press(page, new RegExp(`^${title}`))
  await page.getByRole('heading', { name: title, level: 2 }).waitFor()
  await expectFocusKept(page, `card ${title}`)
}

/** Opens the palette and types; what was looked for is there afterwards. */
export async function search(page: Page, words: string, row: RegExp): Promise<void> {
  await page.keyboard.press('Control+K')
  const palette = page.getByRole('dialog', { name: 'Search or run' })
  await expect
    .poll(() => palette.getByRole('combobox').evaluate((field) => field === document.activeElement))
    .toBe(true)
  await page.keyboard.type(words)
  await palette.getByRole('option', { name: row }).first().waitFor()
}
