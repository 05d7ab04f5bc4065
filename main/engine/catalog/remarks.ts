const mostNames = 6

/** Sentences about variables, each told once with the names it holds for. */
export class Remarks {
  readonly #namesOf = new Map<string, Set<string>>()

  /** @param name of the variable; empty for the whole dataset */
  add(name: string, text: string): void {
    const names = this.#namesOf.get(text) ?? new Set()
    if (name !== '') names.add(name)
    this.#namesOf.set(text, names)
  }

  lines(): string[] {
    return [...this.#namesOf].map(([text, names]) => {
      if (names.size === 0) return text
      const more = names.size > mostNames ? ` and ${names.size - mostNames} more` : ''
      return `${[...names].slice(0, mostNames).join(', ')}${more}: ${text}`
    })
  }
}
