import type { Page } from 'playwright-core'

/** A pseudo-locale: every text of the page that people read grows by 40 % and takes accents, now and whenever it changes.
 *  What is typed into fields, paths, code and drawings on canvases stay as they are. */
export async function lengthenTexts(page: Page): Promise<void> {
  await page.evaluate(() => {
    const accents: Record<string, string> = {
      a: 'á',
      e: 'é',
      i: 'í',
      o: 'ö',
      u: 'ü',
      A: 'Å',
      E: 'É',
      I: 'Î',
      O: 'Ö',
      U: 'Ü',
    }
    const grown = (text: string): string =>
      text.replace(/\p{L}{2,}/gu, (word) => {
        const letters = [...word].map((letter) => accents[letter] ?? letter)
        const more = Math.ceil(0.4 * letters.length)
        return letters.map((letter, i) => (i > 0 && i <= more ? letter + letter : letter)).join('')
      })
    const made = new WeakMap<Node, string>()
    const growNode = (node: Node): void => {
      const parent = node.parentElement
      if (!parent || parent.closest('script, style, textarea, pre, code, .mono')) return
      const text = node.nodeValue ?? ''
      if (made.get(node) === text || !/\p{L}{2}/u.test(text)) return
      const longer = grown(text)
      made.set(node, longer)
      node.nodeValue = longer
    }
    const growPlaceholder = (element: Element): void => {
      const text = element.getAttribute('placeholder')
      if (!text || made.get(element) === text) return
      made.set(element, grown(text))
      element.setAttribute('placeholder', grown(text))
    }
    const growAll = (root: Node): void => {
      if (root.nodeType === Node.TEXT_NODE) return growNode(root)
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
      while (walker.nextNode()) growNode(walker.currentNode)
      if (root instanceof Element)
        for (const each of [root, ...root.querySelectorAll('[placeholder]')]) growPlaceholder(each)
    }
    growAll(document.body)
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) {
        if (type === 'childList') addedNodes.forEach(growAll)
        else if (type === 'characterData') growNode(target)
        else growPlaceholder(target as Element)
      }
    }).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: ['placeholder'],
    })
  })
}

/** Lines of text run from right to left, as in Hebrew. */
export async function turnAround(page: Page): Promise<void> {
  await page.evaluate(() => (document.documentElement.dir = 'rtl'))
}

/** Text that is cut off without a way to read it, text that lies on other text, and parts that scroll sideways and should not. */
export function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    interface Box {
      readonly left: number
      readonly right: number
      readonly top: number
      readonly bottom: number
    }
    const meet = (a: Box, b: Box): Box => ({
      left: Math.max(a.left, b.left),
      right: Math.min(a.right, b.right),
      top: Math.max(a.top, b.top),
      bottom: Math.min(a.bottom, b.bottom),
    })
    const widthOf = ({ left, right }: Box): number => right - left
    const heightOf = ({ top, bottom }: Box): number => bottom - top
    const nameOf = (element: Element): string => {
      const path: string[] = []
      for (let at: Element | null = element; at && path.length < 3; at = at.parentElement)
        path.unshift(
          `${at.tagName.toLowerCase()}${at.getAttribute('class') ? `.${at.getAttribute('class')!.split(' ')[0]}` : ''}`,
        )
      return path.join(' > ')
    }
    /** The whole text can be read on hover or focus, or by the arrow keys of its widget. */
    const isToldElsewhere = (element: Element): boolean =>
      element.closest('[title]') !== null || element.querySelector('[title]') !== null

    const found: string[] = []
    /** What is read or operated: where it lies, what it scrolls with, and the layer it belongs to. */
    interface Part {
      readonly element: Element
      readonly name: string
      readonly box: Box
      readonly scroller: Element
      readonly layer: Element
    }
    const parts: Part[] = []

    /** Follows a box up to the window, past all that could cut it off. */
    const place = (element: Element, whole: DOMRect, name: string, isText: boolean): void => {
      let box: Box = whole
      let layer: Element | null = null
      let scroller: Element | null = null
      let isCut = false
      for (
        let at: Element | null = isText ? element : element.parentElement;
        at && at !== document.body;
        at = at.parentElement
      ) {
        const style = getComputedStyle(at)
        const floats = /fixed|sticky/.test(style.position) || (style.position === 'absolute' && style.zIndex !== 'auto')
        if (floats || at.getAttribute('role') === 'dialog') layer ??= at
        if (scroller || style.display === 'inline' || style.display === 'contents') continue
        if (style.overflowX === 'visible' && style.overflowY === 'visible') continue
        if (/auto|scroll/.test(`${style.overflowX} ${style.overflowY}`)) {
          scroller = at
          continue
        }
        const edge = at.getBoundingClientRect()
        // For screen readers only.
        if (edge.width <= 1 || edge.height <= 1) return
        const isTold = (style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none') && isToldElsewhere(at)
        const over = Math.max(edge.left - box.left, box.right - edge.right)
        const under = Math.max(edge.top - box.top, box.bottom - edge.bottom)
        if (!isCut && !isTold && (over > 1 || under > 3)) {
          isCut = true
          found.push(`${name} is cut off by ${Math.round(over)} and ${Math.round(under)} px in ${nameOf(at)}`)
        }
        box = meet(box, edge)
      }
      if (!scroller && !isCut && (box.left < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1))
        found.push(`${name} is outside the window in ${nameOf(element)}`)
      if (widthOf(box) > 1 && heightOf(box) > 1)
        parts.push({ element, name, box, scroller: scroller ?? document.body, layer: layer ?? document.body })
    }
    const isShown = (element: Element): boolean =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
      !element.closest('script, style, title, desc, option, [inert], .visually-hidden')

    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const node = walker.currentNode
      const text = node.nodeValue?.trim()
      if (!text || !node.parentElement || !isShown(node.parentElement)) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const whole = range.getBoundingClientRect()
      if (whole.width >= 1 && whole.height >= 1) place(node.parentElement, whole, `"${text.slice(0, 40)}"`, true)
    }
    for (const element of document.querySelectorAll('button, input, textarea, [role="slider"]')) {
      const whole = element.getBoundingClientRect()
      if (!isShown(element) || whole.width < 2 || whole.height < 2 || element.closest('.slider, label')) continue
      place(element, whole, `${nameOf(element)} "${element.getAttribute('aria-label') ?? ''}"`, false)
    }

    for (const [i, a] of parts.entries())
      for (const b of parts.slice(i + 1)) {
        if (a.layer !== b.layer || a.scroller !== b.scroller) continue
        if (a.element.contains(b.element) || b.element.contains(a.element)) continue
        const both = meet(a.box, b.box)
        if (widthOf(both) > 2 && heightOf(both) > 4)
          found.push(`${a.name} lies on ${b.name}, in ${nameOf(a.element)} and ${nameOf(b.element)}`)
      }

    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      if (!/auto|scroll/.test(getComputedStyle(element).overflowX)) continue
      // Tables, calendars, logs and what says so may be wider than their place.
      if (element.closest('pre, [role="tablist"]') || /scroll|data-table/i.test(element.getAttribute('class') ?? ''))
        continue
      if (element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
        found.push(`scrolls sideways, ${element.scrollWidth} in ${element.clientWidth} px: ${nameOf(element)}`)
    }
    return [...new Set(found)]
  })
}
