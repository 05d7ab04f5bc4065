import { expect, test } from 'vitest'
import { csvOf, latexOf } from '../../../renderer/widgets/table-text.ts'

const table = {
  head: ['subject', 'n', 'RMSE m³ m⁻³'],
  rows: [
    ['fine_map & more', 412, '0.041 [0.038, 0.044]'],
    ['=cmd()', null, '\u22120.004'],
  ],
}

test('CSV has points, plain minus signs and no formula', () => {
  expect(csvOf(table)).toBe(
    ['subject,n,RMSE m³ m⁻³', 'fine_map & more,412,"0.041 [0.038, 0.044]"', "'=cmd(),,-0.004"].join('\n'),
  )
})

test('LaTeX has the rules of booktabs, numbers to the right and nothing that TeX would read otherwise', () => {
  const text = latexOf(table, { caption: '95 % of n = 2', label: 'tab:scores of r0001' })
  expect(text.split('\n').slice(1)).toEqual([
    '\\begin{table}',
    '  \\centering',
    '  \\caption{95 \\% of n = 2}',
    '  \\label{tab:scores-of-r0001}',
    '  \\begin{tabular}{lrr}',
    '    \\toprule',
    '    subject & n & RMSE m$^{3}$ m$^{-3}$ \\\\',
    '    \\midrule',
    '    fine\\_map \\& more & 412 & 0.041 [0.038, 0.044] \\\\',
    '    =cmd() & -- & $-$0.004 \\\\',
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
    '',
  ])
  expect(latexOf({ head: ['a'], rows: [['50 % of {x}^2 \\ #1 ~ $']] }, { caption: '', label: 'a' })).toContain(
    '50 \\% of \\{x\\}\\textasciicircum{}2 \\textbackslash{} \\#1 \\textasciitilde{} \\$ \\\\',
  )
})
