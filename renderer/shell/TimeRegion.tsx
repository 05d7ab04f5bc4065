/** The time bar of the window. */
export function TimeRegion() {
  return <section className="time-region" aria-label="Time" data-region="time" data-letter-keys />
}
