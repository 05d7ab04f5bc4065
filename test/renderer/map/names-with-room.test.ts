import { expect, test } from 'vitest'
import { namesWithRoom } from '../../../renderer/map/overlay/names-with-room.ts'
import type { StationMark } from '../../../renderer/map/overlay/overlays.ts'

const station = (id: string, x: number, y: number): StationMark => ({
  set: 's',
  id,
  name: id,
  x,
  y,
  use: 'validation',
  colour: null,
})
const idsOf = (stations: readonly StationMark[]) => stations.map(({ id }) => id)

test('of names that would lie on each other the first stays; zoomed in there is room for both', () => {
  const pair = [station('W01', 0, 0), station('W02', 30, 0)]
  expect(idsOf(namesWithRoom(pair, 1))).toEqual(['W02'])
  expect(idsOf(namesWithRoom([station('W01', 0, 0), station('W02', 0, 10)], 1))).toEqual(['W01'])
  expect(idsOf(namesWithRoom(pair, 4))).toEqual(['W01', 'W02'])
})

test('the selected station has its name before all others, also over a mark', () => {
  const [a, b] = [station('W01', 0, 0), station('W02', 30, 0)]
  expect(idsOf(namesWithRoom([b, a], 1, a))).toContain('W01')
})

test('a name of many letters needs more room, and what is shown nowhere overlaps', () => {
  const random = (() => {
    let seed = 7
    return () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647
  })()
  const many = Array.from({ length: 200 }, (_, i) => station(`station ${i}`, 1000 * random(), 700 * random()))
  const shown = namesWithRoom(many, 1)
  expect(shown.length).toBeGreaterThan(10)
  for (const a of shown)
    for (const b of many) {
      if (a === b) continue
      const width = 7 * a.name.length
      const isOnMark = b.x > a.x && b.x < a.x + width && Math.abs(a.y - b.y) < 9
      expect(isOnMark).toBe(false)
    }
})
