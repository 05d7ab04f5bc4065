import { expect, test } from 'vitest'
import { drawStations } from '../../../renderer/panels/model/test-part/draw-stations.ts'

const ids = Array.from({ length: 50 }, (_, i) => `S${i}`)

test('a share of the stations: the same for a seed in whatever order they come, another for another seed', () => {
  const drawn = drawStations(ids, 0.2, 1)
  expect(drawn).toHaveLength(10)
  expect(drawStations(ids.toReversed(), 0.2, 1).toSorted()).toEqual(drawn.toSorted())
  expect(drawStations(ids, 0.2, 2)).not.toEqual(drawn)
  // A larger share of one seed holds the smaller one.
  const larger = drawStations(ids, 0.5, 1)
  expect(drawn.every((id) => larger.includes(id))).toBe(true)
})

test('at least one is drawn, and one is always left', () => {
  expect(drawStations(['a', 'b', 'c'], 0.01, 1)).toHaveLength(1)
  expect(drawStations(['a', 'b', 'c'], 1, 1)).toHaveLength(2)
})

test('over many seeds each station is drawn about as often as its share says', () => {
  const times = new Map(ids.map((id) => [id, 0]))
  const draws = 2000
  for (let seed = 0; seed < draws; seed++)
    for (const id of drawStations(ids, 0.2, seed)) times.set(id, (times.get(id) ?? 0) + 1)
  // Five standard deviations of a binomial count.
  const reach = 5 * Math.sqrt(draws * 0.2 * 0.8)
  for (const [id, count] of times) expect(Math.abs(count - 0.2 * draws), id).toBeLessThan(reach)
})
