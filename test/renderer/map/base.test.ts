import { describe, expect, test } from 'vitest'
import { coordinateGrid } from '../../../renderer/map/base/coordinate-grid.ts'
import { edgeLabels } from '../../../renderer/map/base/edge-labels.ts'
import { degreeWords, graticule } from '../../../renderer/map/base/graticule.ts'
import { clipRing, soundWindow } from '../../../renderer/map/base/lon-lat-window.ts'
import { nearOutline, roomAround } from '../../../renderer/map/base/near-outline.ts'
import { projectionOf } from '../../../renderer/map/base/projection.ts'
import { roundStep, roundTicks, tickText } from '../../../renderer/map/base/round-steps.ts'
import { metresPerUnit, scaleBar } from '../../../renderer/map/base/scale-bar.ts'
import { convergence } from '../../../renderer/map/MapFurniture.tsx'

const crs = (proj4: string, isGeographic = false) =>
  projectionOf({ code: 'x', name: 'x', proj4, unit: isGeographic ? 'degree' : 'm', isGeographic })
const utm = crs('+proj=utm +zone=33 +datum=WGS84 +units=m +no_defs')
const degrees = crs('+proj=longlat +datum=WGS84 +no_defs', true)
const ease = crs('+proj=cea +lat_ts=30 +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs')

describe('the world in a projection', () => {
  test('a geographic CRS and an equal-area cylinder show it whole, a Transverse Mercator the part it is sound in', () => {
    expect(soundWindow(degrees, [5, 52])).toEqual([-180, -85, 180, 85])
    expect(soundWindow(ease, [5, 20])).toEqual([-180, -85, 180, 85])
    const [west, , east] = soundWindow(utm, [15, 54])
    expect(west).toBeGreaterThan(-80)
    expect(east).toBeLessThan(105)
    for (const lon of [west, east]) expect(utm.forward([lon, 54])).not.toBeNull()
  })

  test('a place outside a projection is no place', () => {
    expect(utm.forward([15, 54])).not.toBeNull()
    expect(utm.forward([15, Number.NaN])).toBeNull()
  })

  test('a ring is cut to a window: the area is that of the overlap', () => {
    const ring = [
      [-10, -10],
      [10, -10],
      [10, 10],
      [-10, 10],
    ] as const
    const cut = clipRing(ring, [0, -5, 20, 20])
    const area = cut.reduce((sum, p, i) => {
      const q = cut[(i + 1) % cut.length]
      return sum + (p[0] * q[1] - q[0] * p[1]) / 2
    }, 0)
    expect(Math.abs(area)).toBeCloseTo(150)
    expect(clipRing(ring, [30, 30, 40, 40])).toEqual([])
  })
})

describe('the scale bar', () => {
  const view = { west: 499_000, east: 501_000, south: 5_999_000, north: 6_001_000 }
  test('a metre of UTM on its central meridian is a metre on the ground but for the scale factor', () => {
    // 0.9996 is the factor; the sphere differs from the ellipsoid by up to 0.5 %.
    expect(metresPerUnit(utm, view)! * 0.9996).toBeGreaterThan(0.994)
    expect(metresPerUnit(utm, view)! * 0.9996).toBeLessThan(1.006)
  })
  test('a degree is as long as at its latitude', () => {
    const at60 = metresPerUnit(degrees, { west: 10, east: 11, south: 59.5, north: 60.5 })!
    expect(at60).toBeCloseTo(111_195 * Math.cos(Math.PI / 3), -2)
  })
  test('has a round length of at most 120 pixels', () => {
    expect(scaleBar(10)).toMatchObject({ pixels: 100, words: '1 km' })
    expect(scaleBar(1 / 3)).toMatchObject({ pixels: 60, words: '20 m' })
  })
})

test('north is straight up on the central meridian and turned by the convergence beside it', () => {
  const at = (x: number) => ({ west: x - 500, east: x + 500, south: 5_999_500, north: 6_000_500 })
  expect(convergence(utm, at(500_000))).toBeCloseTo(0, 6)
  // γ ≈ Δλ sin φ; 300 km east of the meridian at 54° N are about 4.58°.
  expect(convergence(utm, at(800_000))).toBeCloseTo(-4.58 * Math.sin((54.1 * Math.PI) / 180), 0)
})

test('the graticule has round lines that cross the view', () => {
  const lines = graticule(utm, { west: 499_000, east: 501_000, south: 5_999_000, north: 6_001_000 })
  expect(lines.some(({ isMeridian }) => isMeridian)).toBe(true)
  expect(lines.some(({ isMeridian }) => !isMeridian)).toBe(true)
  expect(lines.length).toBeLessThan(18)
  expect(degreeWords(-6.5, 'EW', 0.5)).toBe('6° 30′ W')
  expect(degreeWords(52, 'NS', 1)).toBe('52° N')
})

test('round steps and ticks', () => {
  expect([9.9, 4, 1.7, 0.06].map(roundStep)).toEqual([5, 2, 1, 0.05])
  expect(roundTicks([0, 0.5], 4)).toEqual([0, 0.2, 0.4])
  expect(roundTicks([-0.1, 0.1], 4)).toEqual([-0.1, -0.05, 0, 0.05, 0.1])
  const told = (ticks: number[]) => ticks.map((value) => tickText(value, ticks))
  expect(told([-0.1, -0.05, 0])).toEqual(['−0.10', '−0.05', '0.00'])
  expect(told([0, 10, 20])).toEqual(['0', '10', '20'])
  // The zeros of a closure map would run into each other.
  expect(told(roundTicks([-7e-7, 12e-7], 4))).toEqual(['−5e−7', '0', '5e−7', '1e−6'])
  expect(told([1e-6, 1.1e-6])).toEqual(['1.0e−6', '1.1e−6'])
})

describe('the world around a view', () => {
  const room = roomAround({ west: 100, east: 190, south: 10, north: 60 })
  test('has room on all sides, and the same room after a small step', () => {
    expect(room).toEqual({ west: -128, east: 384, south: -128, north: 256 })
    expect(roomAround({ west: 105, east: 195, south: 12, north: 62 })).toEqual(room)
  })
  test('land is cut to it, lines keep the segments that touch it', () => {
    const square = [
      [-1000, -1000],
      [200, -1000],
      [200, 1000],
      [-1000, 1000],
    ] as const
    const line = [
      [-1000, 0],
      [-500, 0],
      [0, 0],
      [100, 50],
      [1000, 50],
      [2000, 50],
    ] as const
    const far = [
      [5000, 0],
      [6000, 0],
    ] as const
    const near = nearOutline({ land: [[square]], coast: [line, far], borders: [far] }, room)
    const [[ring]] = near.land
    expect(Math.min(...ring.map(([x]) => x))).toBe(-128)
    expect(Math.max(...ring.map(([x]) => x))).toBe(200)
    expect(near.coast).toEqual([
      [
        [-500, 0],
        [0, 0],
        [100, 50],
        [1000, 50],
      ],
    ])
    expect(near.borders).toEqual([])
  })
})

test('lines of the map are round coordinates, named at the edges where they cross them', () => {
  const view = { west: 171_300, east: 174_900, south: 402_700, north: 405_100 }
  const lines = coordinateGrid(view)
  expect(lines.map(({ words }) => words)).toEqual([
    ...['171 500', '172 000', '172 500', '173 000', '173 500', '174 000', '174 500'].map(
      (each) => `E ${each.replace(' ', '\u2009')}`,
    ),
    ...['403 000', '403 500', '404 000', '404 500', '405 000'].map((each) => `N ${each.replace(' ', '\u2009')}`),
  ])
  const labels = edgeLabels(lines, view)
  expect(labels).toHaveLength(lines.length)
  expect(labels.find(({ words }) => words.startsWith('E 172\u2009000'))).toEqual({
    words: 'E 172\u2009000',
    edge: 'bottom',
    at: 700 / 3600,
  })
  expect(labels.find(({ words }) => words.startsWith('N 405'))).toEqual({
    words: 'N 405\u2009000',
    edge: 'right',
    at: 100 / 2400,
  })
})

test('a meridian is named where it meets the lower edge, though it runs aslant', () => {
  const view = { west: 700_000, east: 720_000, south: 5_900_000, north: 5_915_000 }
  const lines = graticule(utm, view)
  const meridians = edgeLabels(lines, view).filter((each) => each.edge === 'bottom')
  expect(meridians.length).toBeGreaterThan(2)
  for (const { words, at, edge } of meridians) {
    const [longitude] = utm.inverse([view.west + at * (view.east - view.west), view.south])!
    expect(edge).toBe('bottom')
    expect(words).toBe(degreeWords(Math.round(longitude * 60) / 60, 'EW', 1 / 60))
    expect(Math.abs(longitude * 60 - Math.round(longitude * 60))).toBeLessThan(0.01)
  }
})
