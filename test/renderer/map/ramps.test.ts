import { describe, expect, test } from 'vitest'
import { rampColours, ramps, simulateVision, toOklab } from '../../../main/contract/index.ts'
import type { Ramp, Rgb } from '../../../main/contract/index.ts'

const visions = ['normal', 'protanopia', 'deuteranopia', 'tritanopia'] as const
const seen = (vision: (typeof visions)[number], rgb: Rgb): Rgb =>
  vision === 'normal' ? rgb : simulateVision(vision, rgb)

/** Sign of every step of lightness that is larger than what rounding to bytes makes. */
function directions(colours: readonly Rgb[], vision: (typeof visions)[number]): Set<number> {
  const lightness = colours.map((rgb) => toOklab(seen(vision, rgb))[0])
  const signs = new Set<number>()
  // Every eighth step: one step of 256 is often smaller than a byte.
  for (let i = 8; i < lightness.length; i += 8) signs.add(Math.sign(lightness[i] - lightness[i - 8]))
  return signs
}

const ordered = Object.entries(ramps as Record<string, Ramp>).filter(
  ([, { shape }]) => shape === 'sequential' || shape === 'diverging',
)

describe.each(ordered)('ramp %s', (name, { shape, anchors }) => {
  test.each(visions)('goes one way in lightness, in each half if diverging, as seen with %s vision', (vision) => {
    const colours = rampColours(name)
    const parts = shape === 'diverging' ? [colours.slice(0, 128), colours.slice(128)] : [colours]
    for (const part of parts) expect([...directions(part, vision)]).toHaveLength(1)
  })

  test('begins and ends at its anchors and has steps of equal size', () => {
    const colours = rampColours(name)
    const hex = (rgb: Rgb) => `#${rgb.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
    expect(hex(colours[0])).toBe(anchors[0])
    expect(hex(colours[255])).toBe(anchors.at(-1))
    // Eight steps together, because one is near the size of a byte. Over a corner of the path they are a little shorter.
    const labs = colours.map(toOklab)
    const steps = [0, 4, 8, 12, 16, 20, 24, 28].map((i) =>
      Math.hypot(...labs[4 * i + 8].map((v, k) => v - labs[4 * i][k])),
    )
    expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.35)
  })
})

test('a reversed ramp is the same colours the other way round', () => {
  expect(rampColours('moisture', true)).toEqual(rampColours('moisture').toReversed())
})
