const missingTexts = new Set(['', 'nan', 'na', 'n/a', '#n/a', 'null', 'none', '-', '--'])
const missingNumbers = new Set([-9999, -999.99])

/** The text says that there is no value. */
export function isMissingText(text: string): boolean {
  return text.length < 5 && missingTexts.has(text.toLowerCase())
}

/** The number is one that loggers and archives write for "no value". */
export function isMissingNumber(value: number): boolean {
  return missingNumbers.has(value)
}

/** Number of a cell; NaN when it says "no value"; undefined when it is no number at all. */
export function readNumber(text: string, decimalMark: '.' | ','): number | undefined {
  if (isMissingText(text)) return Number.NaN
  const value = Number(decimalMark === ',' ? text.replace(',', '.') : text)
  // Number() also takes hexadecimal and Infinity, which no logger writes on purpose.
  if (Number.isNaN(value) || !Number.isFinite(value) || /[xob]/i.test(text)) return undefined
  return isMissingNumber(value) ? Number.NaN : value
}
