import { useSyncExternalStore } from 'react'

/** Tells when the page's theme changes, for what is drawn by hand. */
export function useThemeName(): string {
  return useSyncExternalStore(follow, () => document.documentElement.dataset.theme ?? 'light')
}

function follow(changed: () => void): () => void {
  const watcher = new MutationObserver(changed)
  watcher.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => watcher.disconnect()
}
