const focusable = 'a[href],button:not([disabled]),input,select,textarea,[tabindex]:not([tabindex="-1"])'

/** Keeps the focus in the window when what had it goes away: a button that did its work, a sheet with the button that opened it,
 *  a row that was taken out. It goes to the nearest part that is still there, so that Tab goes on from where the work was and not
 *  from the top of the page. @returns a function that ends it */
export function keepFocus(): () => void {
  let last: Element[] = []
  let lastOutside: Element[] = []
  let waiting = 0

  const remember = ({ target }: FocusEvent) => {
    if (!(target instanceof Element) || target === document.body) return
    last = withAncestors(target)
    if (!target.closest('[role="dialog"], [role="menu"], [role="listbox"]')) lastOutside = last
  }
  const isLost = () => {
    if (document.activeElement !== document.body || last.length === 0) return false
    const [element] = last
    return !element.isConnected || element.matches(':disabled') || !element.checkVisibility()
  }
  const restore = () => {
    if (!isLost()) return
    const dialog = [...document.querySelectorAll('[role="dialog"]')].at(-1)
    const around = dialog
      ? [...last.filter((each) => dialog.contains(each)), dialog]
      : [...last, ...lastOutside, ...document.querySelectorAll('[data-region="stage"], main')]
    for (const each of around) {
      const found = each.isConnected && firstFocusable(each)
      if (!found) continue
      found.focus()
      return
    }
  }
  const look = () => {
    if (waiting || !isLost()) return
    // Sheets and menus give the focus back by themselves, a frame or two later.
    waiting = window.setTimeout(() => {
      waiting = 0
      restore()
    }, 80)
  }
  const observer = new MutationObserver(look)
  observer.observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['disabled', 'hidden'],
  })
  document.addEventListener('focusin', remember)
  return () => {
    observer.disconnect()
    document.removeEventListener('focusin', remember)
    clearTimeout(waiting)
  }
}

/** An element and what it lies in, without the page itself: that is everywhere and says nothing. */
function withAncestors(element: Element): Element[] {
  const chain: Element[] = []
  for (let each: Element | null = element; each && each.parentElement !== document.body; each = each.parentElement)
    chain.push(each)
  return chain.filter(({ id }) => id !== 'root')
}

function firstFocusable(within: Element): HTMLElement | undefined {
  if (within.closest('[inert], [aria-hidden="true"]')) return undefined
  const all = [within, ...within.querySelectorAll<HTMLElement>(focusable)]
  return all.find(
    (each): each is HTMLElement =>
      each instanceof HTMLElement &&
      each.matches(focusable) &&
      each.tabIndex >= 0 &&
      !each.matches(':disabled') &&
      each.checkVisibility({ visibilityProperty: true }) &&
      !each.closest('[inert], [aria-hidden="true"]'),
  )
}
