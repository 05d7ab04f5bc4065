import type { AuditedGrid, Grid, GridAudit, GridSpec } from '../../contract/index.ts'
import { cellText } from '../catalog/index.ts'
import { crsName, gridExtent, gridInCrs, metresPerUnit, isGeographic, transformPoints } from '../raster/index.ts'
import { outlineOf } from './outline.ts'

interface Grids {
  readonly fine: Grid
  readonly coarse: { readonly name: string; readonly grid: Grid } | null
  readonly training: Grid | null
}

type Finding = GridAudit['findings'][number]

/** Beyond these a map is possible, and asks for a second thought. */
const wideFactor = 200
const manyCells = 1e9
/** Cells, below which a shift is a rounding of coordinates. */
const noShift = 1e-3

/** How the grids lie in each other, as sentences with what would mend them.
 *  @param crs of the outlines */
export function auditGrids({ fine, coarse, training }: Grids, crs: string): GridAudit {
  const cells = fine.rows * fine.cols
  const findings: Finding[] = []
  const noteOn =
    (of: Finding['of']): Note =>
    (tone, text, snap = null) =>
      void findings.push({ tone, text, of, snap })
  const note = noteOn('fine')
  const scaleFactor = coarse ? factorOf(coarse.grid, fine) : null
  const overlap = coarse ? coveredShare(fine, coarse.grid) : null
  if (isGeographic(fine.crs)) note('warn', 'The fine grid is in degrees: its cells differ in area from north to south.')
  if (coarse && scaleFactor) {
    judgeNesting({ outer: coarse.grid, inner: fine, word: 'fine' }, note)
    if (overlap === 0) note('bad', `${coarse.name} does not reach the fine grid. Choose another area.`)
    else if (overlap !== null && overlap < 0.999)
      note(
        'warn',
        `${coarse.name} covers ${percent(overlap)} of the fine grid; the rest has no coarse value to be fitted to.`,
      )
    if (Math.max(scaleFactor.x, scaleFactor.y) > wideFactor)
      note(
        'warn',
        `The scale factor is ${number(scaleFactor.x)}: details below the coarse cell rest on the predictors alone.`,
      )
    if (scaleFactor.x < 1 || scaleFactor.y < 1)
      note('bad', `The fine grid is coarser than ${coarse.name}. Choose smaller cells.`)
  }
  if (training) judgeTraining(training, { fine, coarse }, noteOn('training'))
  if (cells > manyCells)
    note('warn', `The fine grid has ${count(cells)} cells; a day takes ${(cells * 4) / 1e9} GB before compression.`)
  return { grids: gridsOf({ fine, coarse, training }, crs), findings, scaleFactor, overlap, cells }
}

function gridsOf({ fine, coarse, training }: Grids, crs: string): AuditedGrid[] {
  const one = (of: AuditedGrid['of'], name: string, grid: Grid): AuditedGrid[] => {
    const ring = outlineOf(grid, crs)
    return ring ? [{ of, name, grid, cellText: cellText(grid), ring }] : []
  }
  return [
    ...(coarse ? one('coarse', coarse.name, coarse.grid) : []),
    ...(training ? one('training', 'Training grid', training) : []),
    ...one('fine', 'Fine grid', fine),
  ]
}

/** Fine cells along the sides of a coarse cell. */
function factorOf(coarse: Grid, fine: Grid): { x: number; y: number } {
  const moved = gridInCrs(coarse, fine.crs)
  return { x: moved.transform[1] / fine.transform[1], y: moved.transform[5] / fine.transform[5] }
}

/** The training grid stands between the coarse product and the fine map: coarse cells are cut or gathered to it, fine predictors
 *  are averaged to it. */
function judgeTraining(training: Grid, { fine, coarse }: Pick<Grids, 'fine' | 'coarse'>, note: Note): void {
  if (coarse) judgeNesting({ outer: coarse.grid, inner: training, word: 'training' }, note)
  const inner = factorOf(training, fine)
  if (inner.x < 1 - 1e-6 || inner.y < 1 - 1e-6)
    return note(
      'bad',
      'Training cells are smaller than the fine ones: nothing would be averaged to them. Choose larger.',
    )
  if (coveredShare(fine, training) === 0)
    return note('bad', 'The training grid does not reach the fine grid. Choose another area.')
  const isAligned = training.crs === fine.crs && isWhole(inner)
  note(
    'good',
    `A training cell of ${cellText(training)} averages ${isAligned ? '' : 'about '}${count(inner.x * inner.y)} fine cells of ${cellText(fine)}.`,
  )
}

type Note = (tone: Finding['tone'], text: string, snap?: GridSpec | null) => void

const isWhole = ({ x, y }: { readonly x: number; readonly y: number }): boolean =>
  [x, y].every((each) => Math.abs(each - Math.round(each)) < 1e-6 * each + 1e-9)

interface Nested {
  /** Of the coarse product. */
  readonly outer: Grid
  readonly inner: Grid
  readonly word: 'fine' | 'training'
}

/** How the cells of one grid lie in those of the coarse product. */
function judgeNesting({ outer, inner, word }: Nested, note: Note): void {
  const factor = factorOf(outer, inner)
  const cells = word === 'fine' ? 'cells' : 'training cells'
  const inside = count(Math.round(factor.x) * Math.round(factor.y))
  if (outer.crs !== inner.crs) {
    note(
      'good',
      `Coarse cells of ${cellText(outer)} (${crsName(outer.crs)}) lie oblique to the ${word} grid (${crsName(inner.crs)}). ` +
        `Their outlines are cut exactly; each holds about ${count(factor.x * factor.y)} ${word} cells.`,
    )
    return
  }
  if (word === 'training' && factor.x < 1 && factor.y < 1 && isWhole({ x: 1 / factor.x, y: 1 / factor.y })) {
    const gathered = count(Math.round(1 / factor.x) * Math.round(1 / factor.y))
    note('good', `A training cell of ${cellText(inner)} gathers ${gathered} coarse cells of ${cellText(outer)}.`)
    return
  }
  if (!isWhole(factor)) {
    note(
      'warn',
      `A coarse cell of ${cellText(outer)} holds ${number(factor.x)} × ${number(factor.y)} ${cells} of ${cellText(inner)}: ` +
        `${word} cells on its edges belong to two. Their shares are used.`,
    )
    return
  }
  const shift = {
    x: offset(inner.transform[0] - outer.transform[0], inner.transform[1]),
    y: offset(inner.transform[3] - outer.transform[3], inner.transform[1]),
  }
  if (Math.abs(shift.x) < noShift && Math.abs(shift.y) < noShift) {
    note('good', `A ${cellText(outer)} cell holds exactly ${inside} ${cells} of ${cellText(inner)}.`)
    return
  }
  const metres = isGeographic(inner.crs) ? null : metresPerUnit(inner.crs)
  const length = (along: number): string =>
    metres === null
      ? `${number(Math.abs(along * inner.transform[1]))}°`
      : `${number(Math.abs(along * inner.transform[1] * metres))} m`
  const parts = [
    Math.abs(shift.x) < noShift ? '' : `${length(shift.x)} ${shift.x > 0 ? 'east' : 'west'}`,
    Math.abs(shift.y) < noShift ? '' : `${length(shift.y)} ${shift.y > 0 ? 'north' : 'south'}`,
  ].filter(Boolean)
  const isHalf = [shift.x, shift.y].some((each) => Math.abs(Math.abs(each) - 0.5) < 0.01)
  note(
    'warn',
    `The ${word} grid lies ${parts.join(' and ')} of where its cells would fit into the coarse ones.` +
      (isHalf ? ' That is half a cell: corner and centre of cells may have been mixed up.' : ''),
    snapped(inner, shift),
  )
}

/** Distance to the nearest whole number of cells, −0.5 to 0.5. */
function offset(distance: number, cell: number): number {
  const cells = distance / cell
  return cells - Math.round(cells)
}

function snapped(grid: Grid, shift: { x: number; y: number }): GridSpec | null {
  const [, width, , , , height] = grid.transform
  if (Math.abs(width / -height - 1) > 1e-9) return null
  const [west, south, east, north] = gridExtent(grid)
  const [dx, dy] = [shift.x * width, shift.y * width]
  return { crs: grid.crs, cellSize: width, extent: [west - dx, south - dy, east - dx, north - dy] }
}

/** Share of a grid's area that lies on another one, from 48 × 48 points. */
function coveredShare(fine: Grid, coarse: Grid): number {
  const n = 48
  const [west, south, east, north] = gridExtent(fine)
  const x = Float64Array.from({ length: n * n }, (_, i) => west + ((east - west) * ((i % n) + 0.5)) / n)
  const y = Float64Array.from({ length: n * n }, (_, i) => south + ((north - south) * (Math.floor(i / n) + 0.5)) / n)
  transformPoints(fine.crs, coarse.crs, x, y)
  const extent = gridExtent(coarse)
  let inside = 0
  for (let i = 0; i < x.length; i++)
    if (x[i] >= extent[0] && x[i] <= extent[2] && y[i] >= extent[1] && y[i] <= extent[3]) inside++
  return inside / x.length
}

const number = (value: number): string => String(Number(value.toPrecision(4)))
const percent = (share: number): string => `${Math.floor(share * 1000) / 10} %`
const count = (value: number): string =>
  Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, '\u2009')
