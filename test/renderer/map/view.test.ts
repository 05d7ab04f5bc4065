import { describe, expect, test } from 'vitest'
import { LayerStyle } from '../../../main/contract/index.ts'
import type { Day, TiledLayer } from '../../../main/contract/index.ts'
import { decimalsOf, settledRange, sharedRanges, valueText } from '../../../renderer/map/colour/layer-look.ts'
import { cellLines, stationNear } from '../../../renderer/map/overlay/overlays.ts'
import { fitCamera, panBy, pixelOf, placeAt, zoomAround } from '../../../renderer/map/view/camera.ts'
import { wantsFit } from '../../../renderer/map/view/use-first-view.ts'
import { layoutBeside, layoutPanes } from '../../../renderer/map/view/pane-layout.ts'
import { comparedLayers, panesOf } from '../../../renderer/map/view/panes.ts'
import type { DrawnLayer } from '../../../renderer/map/view/panes.ts'
import { PictureHold } from '../../../renderer/map/view/picture-hold.ts'
import { testLayers } from './tile-server.ts'

describe('the camera', () => {
  const size = { width: 800, height: 600 }
  const camera = { x: 500_000, y: 6_000_000, zoom: -3.3 }
  test('a pixel is a place and back, north up', () => {
    const place = placeAt(camera, size, [100, 50])
    expect(place.y).toBeGreaterThan(camera.y)
    expect(pixelOf(camera, size, place).map((each) => Math.round(each * 1e6) / 1e6)).toEqual([100, 50])
  })
  test('zooming keeps the place under the pointer', () => {
    const before = placeAt(camera, size, [123, 456])
    const after = placeAt(zoomAround(camera, size, [123, 456], 2.5), size, [123, 456])
    expect(after.x).toBeCloseTo(before.x, 6)
    expect(after.y).toBeCloseTo(before.y, 6)
  })
  test('fitting shows the whole rectangle; panning goes by pixels', () => {
    const bounds = { west: 0, east: 1000, south: 0, north: 4000 }
    const fitted = fitCamera(bounds, size)
    const [left, top] = pixelOf(fitted, size, { x: 0, y: 4000 })
    expect(left).toBeGreaterThan(0)
    expect(top).toBeCloseTo(36, 6)
    expect(pixelOf(panBy(camera, 10, 20), size, camera).map(Math.round)).toEqual([390, 280])
  })
})

describe('panes', () => {
  const layers = testLayers.map(
    (tiled): DrawnLayer => ({
      id: tiled.id,
      name: tiled.name,
      tiled,
      look: { ...LayerStyle.parse({}), range: [0, 0.5], kind: 'continuous' },
    }),
  )
  const usual = {
    layers,
    day: '2018-07-04' as Day,
    a: null,
    b: null,
    swipe: 0.3,
    difference: null,
    grid: { by: 'layer' },
    isBlinking: false,
  } as const

  test('the uppermost layer is A, the one below B', () => {
    expect(comparedLayers(usual).map((layer) => layer?.id)).toEqual(['fine', 'coarse'])
    expect(comparedLayers({ ...usual, a: 'coarse' }).map((layer) => layer?.id)).toEqual(['coarse', 'fine'])
  })
  test('swiped layers share the width', () => {
    const [pane] = panesOf({ ...usual, mode: 'swipe' })
    expect(pane.layers.map(({ layer, clip }) => [layer.id, clip])).toEqual([
      ['fine', [0, 0.3]],
      ['coarse', [0.3, 1]],
    ])
  })
  test('a grid has at most twelve pictures with letters', () => {
    const days = Array.from({ length: 20 }, (_, i) => `2018-07-${String(i + 1).padStart(2, '0')}` as Day)
    const panes = panesOf({ ...usual, mode: 'grid', grid: { by: 'day', days } })
    expect(panes).toHaveLength(12)
    expect(panes[11]).toMatchObject({ letter: 'l', title: '2018-07-12' })
  })
  test('while B is held the other layer is shown', () => {
    const [pane] = panesOf({ ...usual, mode: 'swipe', isBlinking: true })
    expect(pane.layers.map(({ layer }) => layer.id)).toEqual(['coarse'])
  })
  test.each([1, 2, 3, 4, 6, 7, 12])('%d boxes fill the stage without lying on each other', (count) => {
    const ids = Array.from({ length: count }, (_, i) => String(i))
    const size = { width: 901, height: 600 }
    const boxes = layoutPanes(ids, size)
    expect(boxes).toHaveLength(count)
    for (const a of boxes) {
      expect(a.x + a.width).toBeLessThanOrEqual(size.width)
      expect(a.y + a.height).toBeLessThanOrEqual(size.height)
      for (const b of boxes)
        if (a !== b)
          expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(
            true,
          )
    }
    expect(new Set(boxes.map(({ width, height }) => `${width} ${height}`)).size).toBeLessThanOrEqual(4)
  })
  test('side by side is side by side even on a tall stage', () => {
    const [left, right] = layoutBeside(['a', 'b'], { width: 300, height: 900 })
    // Below the controls.
    expect([left.y, right.y, left.height]).toEqual([44, 44, 856])
  })
})

describe('ranges', () => {
  const layer = (change: Partial<TiledLayer>): TiledLayer => ({ ...testLayers[0], ...change })
  const style = (mode: 'quantity' | 'dataset' | 'view') => LayerStyle.parse({ range: { mode } })
  test('soil moisture is 0 to 0.5 on every dataset and date; what has no agreed range takes the sample', () => {
    expect(settledRange(style('quantity'), layer({}))).toEqual([0, 0.5])
    expect(settledRange(style('quantity'), layer({ quantity: 'clay', unit: '%' }))).toEqual([0.02, 0.33])
    expect(settledRange(style('dataset'), layer({}))).toEqual([0.02, 0.33])
  })
  test('layers of one quantity and unit share the union of their samples', () => {
    const other = layer({ sampled: { low: 0.1, high: 0.6, min: 0, max: 1 } })
    const shared = sharedRanges([layer({}), other, layer({ unit: '%', sampled: null })])
    expect([...shared.values()]).toEqual([[0.02, 0.6]])
    expect(settledRange(style('dataset'), layer({}), { shared: [0.02, 0.6] })).toEqual([0.02, 0.6])
  })
  test('a difference is symmetric about 0, and a range is never empty', () => {
    const difference = LayerStyle.parse({ ramp: 'difference', range: { mode: 'typed', min: -1, max: 3 } })
    expect(settledRange(difference, layer({}))).toEqual([-3, 3])
    const flat = settledRange(LayerStyle.parse({ range: { mode: 'typed', min: 2, max: 2 } }), layer({}))
    expect(flat[0]).toBeLessThan(flat[1])
  })
  test('decimals follow the range', () => {
    expect(
      [
        [0, 0.5],
        [0, 50],
        [0, 360],
        [-0.05, 0.05],
      ].map((range) => decimalsOf(range as [number, number])),
    ).toEqual([3, 1, 0, 3])
    const text = (value: number, range: [number, number], kind: 'continuous' | 'categorical' = 'continuous') =>
      valueText({ kind, range }, value)
    expect(text(0.2134, [0, 0.5])).toBe('0.213')
    expect(text(12, [0, 20], 'categorical')).toBe('12')
    expect(text(-3.456e-7, [-7e-7, 7e-7])).toBe('−3.46e−7')
    expect(text(0, [-7e-7, 7e-7])).toBe('0')
  })
})

test('the picture of the day before stays for a while and not longer', () => {
  const hold = new PictureHold()
  const piece = { key: 'a' } as never
  expect(hold.settle('l', { drawn: [piece], missing: 0 }, 0)).toEqual({ drawn: [piece], isHeld: false })
  expect(hold.settle('l', { drawn: [], missing: 4 }, 100)).toEqual({ drawn: [piece], isHeld: true })
  expect(hold.settle('l', { drawn: [], missing: 4 }, 600)).toEqual({ drawn: [piece], isHeld: true })
  expect(hold.settle('l', { drawn: [], missing: 4 }, 701)).toEqual({ drawn: [], isHeld: false })
  // A day that has nothing at all is shown as nothing at once.
  expect(hold.settle('m', { drawn: [piece], missing: 0 }, 0).isHeld).toBe(false)
  expect(hold.settle('m', { drawn: [], missing: 0 }, 1)).toEqual({ drawn: [], isHeld: false })
})

test('the nearest station within reach is the one that is meant', () => {
  const mark = (id: string, x: number) =>
    ({ set: 's', id, name: id, x, y: 0, use: 'validation', colour: null }) as const
  const stations = [mark('far', 100), mark('near', 30), mark('nearer', 12)]
  expect(stationNear(stations, { x: 14, y: 3 }, 4)?.id).toBe('nearer')
  expect(stationNear(stations, { x: -40, y: 0 }, 4)).toBeNull()
})

test('lines of cells are drawn in view only, once cells can be told apart', () => {
  const { grid } = testLayers.find(({ id }) => id === 'fine')!
  const view = { west: 500_095, east: 500_125, north: 5_999_905, south: 5_999_885 }
  expect(cellLines(grid, view, 1)).toEqual([])
  const lines = cellLines(grid, view, 2)
  expect(lines.filter(([a, b]) => a[0] === b[0]).map(([a]) => a[0])).toEqual([
    500_090, 500_100, 500_110, 500_120, 500_130,
  ])
})

test('a map that nobody moved is fitted when it has more to show or another size; a moved one is left alone', () => {
  const home = { west: 0, south: 0, east: 100, north: 100 }
  const size = { width: 400, height: 300 }
  const camera = fitCamera(home, size)
  const fit = { home, ...size, camera }
  expect(wantsFit(null, { camera: null, home, ...size })).toBe(true)
  expect(wantsFit(fit, { camera, home, ...size })).toBe(false)
  expect(wantsFit(fit, { camera, home, ...size, height: 700 })).toBe(true)
  expect(wantsFit(fit, { camera, home: { ...home, east: 101 }, ...size })).toBe(true)
  expect(wantsFit(fit, { camera, home: { ...home, east: 50 }, ...size })).toBe(false)
  expect(wantsFit(fit, { camera: panBy(camera, 1, 0), home: { ...home, east: 500 }, ...size, height: 700 })).toBe(false)
  expect(wantsFit(null, { camera, home, ...size })).toBe(false)
})
