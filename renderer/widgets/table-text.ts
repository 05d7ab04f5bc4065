/** Numbers and words in rows, as a chart or a table has them. */
export interface TextTable {
  readonly head: readonly string[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}

/** With `.` and `,` whatever the language of the window. A text that a spreadsheet would run as a formula gets an apostrophe. */
export function csvOf({ head, rows }: TextTable): string {
  const text = (cell: string | number | null) => {
    if (typeof cell === 'number') return String(cell)
    const plain = (cell ?? '').replaceAll('\u2212', '-')
    const safe = /^[=+@\t\r]/.test(plain) ? `'${plain}` : plain
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  }
  return [head, ...rows].map((row) => row.map(text).join(',')).join('\n')
}

interface LatexAbout {
  readonly caption: string
  /** `tab:scores` */
  readonly label: string
}

/** A table environment with the rules of booktabs; columns of numbers are set right. */
export function latexOf({ head, rows }: TextTable, { caption, label }: LatexAbout): string {
  const isNumber = head.map(
    (_, i) => rows.some((row) => row[i] !== null && row[i] !== '') && rows.every((row) => isNumeric(row[i])),
  )
  const line = (cells: readonly (string | number | null)[]) =>
    `    ${cells.map((cell) => texOf(cell)).join(' & ')} \\\\`
  return [
    '% \\usepackage{booktabs}',
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${texOf(caption)}}`,
    `  \\label{${label.replace(/[^A-Za-z0-9:-]+/g, '-')}}`,
    `  \\begin{tabular}{${isNumber.map((is) => (is ? 'r' : 'l')).join('')}}`,
    '    \\toprule',
    line(head),
    '    \\midrule',
    ...rows.map(line),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n')
}

/** A number, alone or with its interval. */
const isNumeric = (cell: string | number | null): boolean =>
  cell === null ||
  typeof cell === 'number' ||
  cell === '' ||
  /^[\u2212-]?[\d.\u2009]+(e[\u2212-]?\d+)?( \[.*\])?( \(\d+\))?$|^–$/.test(cell)

const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '\u2212': '$-$',
  '\u2009': '\\,',
  '–': '--',
  '×': '$\\times$',
  '±': '$\\pm$',
  '√': '$\\surd$',
  σ: '$\\sigma$',
  μ: '$\\mu$',
  Σ: '$\\Sigma$',
  γ: '$\\gamma$',
  '°': '$^{\\circ}$',
  '…': '\\dots{}',
}
const raised: Readonly<Record<string, string>> = { '⁰': '0', '¹': '1', '²': '2', '³': '3', '⁴': '4', '⁻': '-' }

function texOf(cell: string | number | null): string {
  if (cell === null) return '--'
  const text = typeof cell === 'number' ? String(cell).replace('-', '\u2212') : cell
  return text
    .replace(/[⁰¹²³⁴⁻]+/g, (powers) => `\u0000${[...powers].map((each) => raised[each]).join('')}\u0001`)
    .replace(/[^A-Za-z0-9 .,;:]/g, (sign) => special[sign] ?? sign)
    .replaceAll('\u0000', '$^{')
    .replaceAll('\u0001', '}$')
}
