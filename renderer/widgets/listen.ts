type Listeners = { readonly [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void }

/** Listens to several events of an element, or of the whole window. Wheels are not passive, so that they can be kept from scrolling the page.
 *  @returns ends it */
export function listenTo(element: HTMLElement | Window, listeners: Listeners): () => void {
  const rows = Object.entries(listeners) as [string, EventListener][]
  for (const [name, listener] of rows) element.addEventListener(name, listener, { passive: false })
  return () => {
    for (const [name, listener] of rows) element.removeEventListener(name, listener)
  }
}
