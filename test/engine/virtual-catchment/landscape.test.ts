import { describe, expect, it } from 'vitest'
import { blockMeans, coarserGrid, makePlace } from '../../../main/engine/virtual-catchment/place.ts'
import { smoothNoise } from '../../../main/engine/virtual-catchment/smooth-noise.ts'
import { coverOfParcels, makeLandscape } from '../../../main/engine/virtual-catchment/landscape.ts'
import { makeWeather, rainOnFineGrid, spinUpDays } from '../../../main/engine/virtual-catchment/weather.ts'
import { groundwaterDecline, runWaterBalance } from '../../../main/engine/virtual-catchment/water-balance.ts'
import { mean, pearson, Random, variance } from '../../../main/engine/numeric/index.ts'

const place = makePlace({ seed: 7, size: 200, days: 8 })

describe('smooth noise', () => {
  const rows = 90
  const cols = 140
  const surface = smoothNoise(new Random(3), rows, cols, 20)

  it('has mean 0 and variance 1', () => {
    expect(mean(Float64Array.from(surface))).toBeCloseTo(0, 5)
    expect(variance(Float64Array.from(surface))).toBeCloseTo(1, 3)
  })

  it('is smooth over its scale and unrelated far beyond it', () => {
    const pairs = (distance: number) => {
      const here: number[] = []
      const there: number[] = []
      for (let row = 0; row < rows; row++)
        for (let col = 0; col + distance < cols; col++) {
          here.push(surface[row * cols + col])
          there.push(surface[row * cols + col + distance])
        }
      return pearson(Float64Array.from(here), Float64Array.from(there))
    }
    expect(pairs(1)).toBeGreaterThan(0.98)
    expect(Math.abs(pairs(80))).toBeLessThan(0.5)
  })

  it('is the same for the same seed and another for another', () => {
    expect(smoothNoise(new Random(3), rows, cols, 20)).toEqual(surface)
    expect(smoothNoise(new Random(4), rows, cols, 20)).not.toEqual(surface)
  })
})

describe('coarser grids', () => {
  it('block means are plain means, repeated into the margin', () => {
    const size = 6
    const values = Float32Array.from({ length: size * size }, (_, i) => (i * 7) % 11)
    const means = blockMeans(values, size, 3, 1)
    const plain = (row: number, col: number) => {
      let sum = 0
      for (let r = 3 * row; r < 3 * row + 3; r++)
        for (let c = 3 * col; c < 3 * col + 3; c++) sum += values[r * size + c]
      return sum / 9
    }
    expect(means[1 * 4 + 1]).toBeCloseTo(plain(0, 0), 12)
    expect(means[2 * 4 + 1]).toBeCloseTo(plain(1, 0), 12)
    expect(means[0]).toBe(means[1 * 4 + 1])
    expect(means[3 * 4 + 3]).toBeCloseTo(plain(1, 1), 12)
  })

  it('a margin moves the corner outwards and keeps the cells in step', () => {
    const coarse = coarserGrid(place.fineGrid, 25, 2)
    expect(coarse.transform).toEqual([350_000 - 500, 250, 0, 5_800_000 + 500, 0, -250])
    expect([coarse.rows, coarse.cols]).toEqual([12, 12])
  })
})

describe('the landscape', () => {
  const landscape = makeLandscape(place)

  it('has soils that can be', () => {
    const { clay, sand, bulkDensity } = landscape
    const impossible = clay.filter(
      (share, i) => share < 0 || share + sand[i] > 1 || bulkDensity[i] < 0.8 || bulkDensity[i] > 2,
    )
    expect(impossible).toHaveLength(0)
  })

  it('gives each cell to the nearest of the parcels', () => {
    const sizes = new Map<number, number>()
    for (const parcel of landscape.parcel) sizes.set(parcel, (sizes.get(parcel) ?? 0) + 1)
    expect(sizes.size).toBeGreaterThan(40)
    expect(sizes.has(-1)).toBe(false)
    expect(Math.max(...sizes.values())).toBeLessThan(4 * 24 * 24)
  })

  it('maize greens up, cereal ripens, forest stays', () => {
    const [before, after] = [coverOfParcels(landscape, 0), coverOfParcels(landscape, 40)]
    landscape.crops.forEach((crop, p) => {
      if (crop === 1) expect(after[p]).toBeGreaterThan(before[p])
      if (crop === 2) expect(after[p]).toBeLessThan(before[p])
      if (crop === 3) expect(after[p]).toBe(before[p])
    })
  })
})

describe('the water balance', () => {
  it('is the bucket of its description, cell by cell and day by day', async () => {
    const landscape = makeLandscape(place)
    const weather = makeWeather(place)
    const found: number[] = []
    const cell = 123 * 200 + 45
    await runWaterBalance(landscape, weather, 6, async (truth) => {
      found.push(truth.moisture[cell])
    })

    const clay = landscape.clay[cell]
    const [capacity, wilting] = [0.13 + 0.6 * clay, 0.03 + 0.28 * clay]
    const porosity = Math.max(0.34, 1 - landscape.bulkDensity[cell] / 2.65)
    let water = 0.9 * capacity
    const expected: number[] = []
    for (let t = -spinUpDays; t <= 6; t++) {
      const green = Math.min(
        1,
        Math.max(0, coverOfParcels(landscape, t)[landscape.parcel[cell]] + landscape.texture[cell]),
      )
      water += (rainOnFineGrid(weather, t, 200)[cell] * (1 - 0.15 * green)) / 110
      if (water > capacity) water = capacity + 0.45 * (water - capacity)
      const share = Math.min(1, Math.max(0, (water - wilting) / (capacity - wilting)))
      water -= (weather.potentialEvaporation(t) / 110) * (0.25 + 1.05 * green) * share
      const depth = landscape.groundwaterDepth[cell] + groundwaterDecline * t
      if (water < 1.15 * capacity) water += 0.3 * Math.exp(-depth / 0.7) * (1.15 * capacity - water)
      water = Math.min(porosity, Math.max(0.02, water))
      expected.push(Math.min(porosity, Math.max(0.02, water + landscape.hidden[cell])))
    }
    expect(found).toHaveLength(expected.length)
    found.forEach((value, day) => expect(value).toBeCloseTo(expected[day], 4))
  })
})
