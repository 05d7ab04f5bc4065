export const pageOrigin = 'app://loam'

/** Whether an address is of Loam's own page. Everything else is neither navigated to, nor listened to. */
export function isOwnPage(address: string): boolean {
  try {
    const { protocol, host } = new URL(address)
    return protocol === 'app:' && host === 'loam'
  } catch {
    return false
  }
}
