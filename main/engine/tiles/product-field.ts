import { reasonCodes, sameGrid } from '../../contract/index.ts'
import type { Block, Day, GridWindow } from '../../contract/index.ts'
import type { Field } from '../fields/index.ts'
import { hashJson } from '../files/index.ts'
import { openOwnMap, resample } from '../raster/index.ts'
import type { OwnMap, ReadWindow } from '../raster/index.ts'
import type { LevelReader } from './drawn-layer.ts'
import type { ProductPlan } from './layer-plan.ts'

/** A published product: a field that also knows its overviews. */
export interface ProductField extends Field {
  /** Overview cells of a level, read as they are stored; null on another grid, and when the day's map has no such level. */
  readonly readLevel: LevelReader
  close(): void
}

const mostOpenMaps = 24

/** The maps of a run as a field with the run's dates. */
export function productField(plan: ProductPlan): ProductField {
  const { name, unit, kind, grid, band, maps, lineage } = plan
  const byDay = new Map(maps.map((map) => [map.day, map]))
  const open = new Map<Day, Promise<OwnMap>>()

  const mapOn = async (day: Day): Promise<OwnMap | null> => {
    const map = byDay.get(day)
    if (!map) return null
    let found = open.get(day)
    open.delete(day)
    if (!found) {
      found = openOwnMap(map.path, grid)
      found.catch(() => open.delete(day))
    }
    open.set(day, found)
    for (const [oldest, old] of open) {
      if (open.size <= mostOpenMaps) break
      open.delete(oldest)
      // GDAL ends the reads under way before it closes.
      void old.then((each) => each.close()).catch(() => {})
    }
    return found
  }
  const identity = { form: 'product/1', band, grid, kind }
  return {
    id: hashJson({ ...identity, maps: maps.map(({ day, key }) => [day, key]) }),
    idOn: (day) => hashJson({ ...identity, map: byDay.get(day)?.key ?? null }),
    name,
    unit,
    kind,
    times: maps.map(({ day }) => day),
    nativeGrid: grid,
    lineage,
    async read(window, day, { signal } = {}) {
      const map = await mapOn(day)
      if (!map) {
        const values = new Float32Array(window.rows * window.cols).fill(Number.NaN)
        const reasons = new Uint8Array(values.length).fill(reasonCodes.no_scene)
        return { rows: window.rows, cols: window.cols, values, reasons }
      }
      if (sameGrid(window.grid, grid) && isInside(window)) return map.read(0, window, band, signal)
      const source = (of: (block: Block) => Block) => ({
        grid,
        kind,
        read: async (part: ReadWindow, stop?: AbortSignal) => of(await map.read(0, part, band, stop)),
      })
      let isAnyOutside = false
      const whole = (block: Block): Block => {
        isAnyOutside ||= block.reasons.includes(reasonCodes.outside_applicability)
        return trusted(block)
      }
      const block = await resample(source(whole), window, { minValidFraction: 0.5, signal })
      if (!isAnyOutside) return block
      const shares = await resample(source(outsideShare), window, { minValidFraction: 0.5, signal })
      for (let i = 0; i < block.reasons.length; i++)
        if (block.reasons[i] === reasonCodes.none && shares.values[i] > 0.5)
          block.reasons[i] = reasonCodes.outside_applicability
      return block
    },
    async readLevel(asked, level, window, day, signal) {
      // The mode of reason codes is not kept in overviews: they hold the reason where nothing has a value.
      if (asked !== grid || band === 'reasons') return null
      const map = await mapOn(day)
      if (!map || level > map.levels) return null
      return map.read(level, window, band, signal)
    },
    close() {
      for (const map of open.values()) void map.then((each) => each.close()).catch(() => {})
      open.clear()
    },
  }
}

function isInside({ grid, row, col, rows, cols }: GridWindow): boolean {
  return row >= 0 && col >= 0 && row + rows <= grid.rows && col + cols <= grid.cols
}

/** A block whose values outside the area of applicability count like the others. */
export function trusted(block: Block): Block {
  const { none, outside_applicability } = reasonCodes
  if (!block.reasons.includes(outside_applicability)) return block
  return { ...block, reasons: block.reasons.map((code) => (code === outside_applicability ? none : code)) }
}

/** 1 where a value is outside the area of applicability, 0 where one is inside. */
function outsideShare(block: Block): Block {
  const values = Float32Array.from(block.reasons, (code) => (code === reasonCodes.outside_applicability ? 1 : 0))
  return { ...trusted(block), values }
}
