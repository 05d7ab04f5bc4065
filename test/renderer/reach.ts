import type { Page } from 'playwright-core'

const operable =
  'a[href], button, summary, select, textarea, input, [role="button"], [role="tab"], [role="option"], [role="menuitem"], [role="radio"], [role="slider"]'

/** Targets under 24 × 24 px, or as large as fingers need. Text in a line and what a label covers are as large as their line and label. */
export function smallTargets(page: Page, least = 24): Promise<string[]> {
  return page.evaluate(
    ([selector, size]) => {
      const nameOf = (element: Element): string =>
        `${element.tagName.toLowerCase()}.${element.className} "${(element.getAttribute('aria-label') ?? element.textContent ?? '').slice(0, 40)}"`
      return [...document.querySelectorAll<HTMLElement>(selector)].flatMap((element) => {
        if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('[inert], [aria-hidden="true"]'))
          return []
        if (element.matches(':disabled, [aria-disabled="true"]')) return []
        const target = element.matches('input')
          ? (element.closest('label, .slider-thumb, .input-group') ?? element)
          : element
        if (getComputedStyle(target).display === 'inline') return []
        const { width, height } = target.getBoundingClientRect()
        // Of size 0 or cut to a pixel: for screen readers only.
        const around = element.parentElement?.getBoundingClientRect()
        if (width === 0 || height === 0 || (around && around.width <= 1 && around.height <= 1)) return []
        return width < size - 0.1 || height < size - 0.1
          ? [`${Math.round(width)} × ${Math.round(height)} ${nameOf(element)}`]
          : []
      })
    },
    [operable, least] as const,
  )
}

/** Elements that move although motion was asked to stay away. */
export function movingParts(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('body *')].flatMap((element) => {
      const { transitionDuration, animationName, animationDuration } = getComputedStyle(element)
      const moves =
        transitionDuration.split(', ').some((each) => Number.parseFloat(each) > 0) ||
        (animationName !== 'none' && Number.parseFloat(animationDuration) > 0)
      return moves ? [`${element.tagName.toLowerCase()}.${element.className} moves`] : []
    }),
  )
}

/** Walks through all stops of the Tab key. @returns those whose focus cannot be seen, and moments in which it was lost */
export async function unmarkedFocus(page: Page): Promise<string[]> {
  const found: string[] = []
  const first = await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  void first
  const seen = new Set<string>()
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press('Tab')
    const { key, isMarked } = await focusOf(page)
    // After the last stop the browser's own bar has the focus.
    if (key === 'body' || seen.has(key)) break
    seen.add(key)
    if (!isMarked) found.push(`no mark on ${key}`)
  }
  return seen.size > 3 ? found : [`Tab comes to ${[...seen].join(', ')} only`]
}

/** What has the focus, and whether an outline of 2 px or more shows it: on it, around it, or on the part drawn for it. */
export function focusOf(page: Page): Promise<{ key: string; isMarked: boolean }> {
  return page.evaluate(() => {
    const at = document.activeElement as HTMLElement | null
    if (!at || at === document.body) return { key: 'body', isMarked: false }
    const hasOutline = (element: Element): boolean => {
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element)
      return (
        outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1.5 && !/, 0\)|transparent/.test(outlineColor)
      )
    }
    const around = [
      at,
      at.parentElement,
      at.parentElement?.parentElement,
      at.parentElement?.parentElement?.parentElement,
    ]
    const beside = at.matches('input') ? [...(at.closest('label, .slider')?.querySelectorAll('*') ?? [])] : []
    const descendant = at.getAttribute('aria-activedescendant')
    const active = descendant ? document.getElementById(descendant) : null
    const isMarked = [...around, ...beside, active].some((each) => each && hasOutline(each))
    const path: string[] = []
    for (let each: Element | null = at; each && each !== document.body; each = each.parentElement)
      path.unshift(`${each.tagName.toLowerCase()}${[...(each.parentElement?.children ?? [])].indexOf(each)}`)
    const name = at.getAttribute('aria-label') ?? at.textContent ?? ''
    return { key: `${at.className} "${name.slice(0, 40)}" ${path.slice(-6).join('>')}`, isMarked }
  })
}

/** Controls that cannot be brought into view and hit, and a page wider than its window. */
export function outOfReach(page: Page): Promise<string[]> {
  return page.evaluate((selector) => {
    const found: string[] = []
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement
    if (scrollWidth > clientWidth || scrollHeight > clientHeight)
      found.push(`the page is ${scrollWidth} × ${scrollHeight} in ${clientWidth} × ${clientHeight}`)
    for (const element of document.querySelectorAll<HTMLElement>(selector)) {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('[aria-hidden="true"], [inert]'))
        continue
      const target = element.matches('input') ? (element.closest('label, .slider-thumb') ?? element) : element
      const size = target.getBoundingClientRect()
      if (size.width < 2 || size.height < 2) continue
      target.scrollIntoView({ block: 'center', inline: 'center' })
      const { left, right, top, bottom } = target.getBoundingClientRect()
      const [x, y] = [Math.max(left, Math.min(right, left + 200) / 2 + left / 2), (top + bottom) / 2]
      const hit = document.elementFromPoint(x, y)
      const isHit = hit !== null && (target.contains(hit) || hit.contains(target))
      const isInView = left > -2 && top > -2 && x < innerWidth && bottom < innerHeight + 2
      if (isHit && isInView) continue
      // The drawer lies over the map until it is closed.
      if (hit?.closest('.is-drawer') && !target.closest('.is-drawer')) continue
      const name = (element.getAttribute('aria-label') ?? element.textContent ?? '').slice(0, 40)
      found.push(
        `${element.tagName.toLowerCase()}.${element.className} "${name}" at ${Math.round(left)}, ${Math.round(top)}${isHit ? '' : ` lies under ${hit?.className}`}`,
      )
    }
    return found
  }, operable)
}
