const order = ['top', 'left', 'stage', 'right', 'time', 'status']
const focusable = 'a[href],button:not([disabled]),input,select,textarea,[tabindex]:not([tabindex="-1"])'

/** Moves the focus to the next region of the window that is there: top, left, stage, right, time, status. */
export function cycleRegions(step: 1 | -1): void {
  const present = order.flatMap((name) => document.querySelector<HTMLElement>(`[data-region="${name}"]`) ?? [])
  if (present.length === 0) return
  const at = present.findIndex((region) => region.contains(document.activeElement))
  const start = at < 0 ? (step > 0 ? -1 : 0) : at
  for (let i = 1; i <= present.length; i++) {
    const region = present[(start + step * i + present.length * 2) % present.length]
    const preferred = region.querySelector<HTMLElement>('[data-region-focus]')
    const target =
      preferred ??
      [...region.querySelectorAll<HTMLElement>(focusable)].find(
        (each) => each.offsetParent !== null && each.tabIndex >= 0,
      )
    if (!target) continue
    target.focus()
    return
  }
}
