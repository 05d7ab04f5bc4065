import { fromOklab, rgbOf, toOklab } from './oklab.ts'
import type { Oklab, Rgb } from './oklab.ts'

export interface Ramp {
  readonly title: string
  /** `diverging`: two halves that meet at the middle anchor. `cyclic`: the end meets the start. `rainbow`: lightness goes up
   *  and down, so values cannot be put in order by eye; shown with a note. */
  readonly shape: 'sequential' | 'diverging' | 'cyclic'
  readonly anchors: readonly string[]
  /** Where the anchors were published; ours where nothing is named. */
  readonly source?: string
}

const anchors = (text: string) => text.split(' ').map((hex) => `#${hex}`)

/** Every ramp a layer can be drawn with. The first four are Loam's own; `moisture` goes from dry to wet. */
export const ramps = {
  moisture: {
    title: 'Moisture',
    shape: 'sequential',
    anchors: anchors('e6d3a0 cbc492 a9b88d 85ac92 5f9d98 418898 327092 2c5785 283e71 212658'),
  },
  uncertainty: {
    title: 'Uncertainty',
    shape: 'sequential',
    anchors: anchors('ece0ee d3bfda b99fc8 9d7eb5 8160a0 654487 4a2b6b 30184c'),
  },
  difference: {
    title: 'Difference',
    shape: 'diverging',
    anchors: anchors('6b3a12 a8682c d6a56b efd9bd f4f2ee c3dde0 7fb4c4 3d829f 14506f'),
  },
  support: {
    title: 'Support',
    shape: 'sequential',
    anchors: anchors('f0e3d6 e2bfa4 cc9a77 ad7652 87563a 5e3a28 3a2219'),
  },
  viridis: {
    title: 'Viridis',
    shape: 'sequential',
    anchors: anchors('440154 482878 3e4989 31688e 26828e 1f9e89 35b779 6ece58 b5de2b fde725'),
    source: 'van der Walt & Smith (2015), matplotlib',
  },
  cividis: {
    title: 'Cividis',
    shape: 'sequential',
    anchors: anchors('00224e 123570 3b496c 575d6d 707173 8a8678 a59c74 c3b369 e1cc55 fee838'),
    source: 'Nuñez, Anderton & Renslow (2018), PLOS ONE 13(7)',
  },
  magma: {
    title: 'Magma',
    shape: 'sequential',
    anchors: anchors('000004 180f3d 440f76 721f81 9e2f7f cd4071 f1605d fd9668 feca8d fcfdbf'),
    source: 'van der Walt & Smith (2015), matplotlib',
  },
  vegetation: {
    title: 'Vegetation',
    shape: 'sequential',
    anchors: anchors('ffffe5 f7fcb9 d9f0a3 addd8e 78c679 41ab5d 238443 006837 004529'),
    source: 'Brewer (2013), ColorBrewer YlGn',
  },
  rain: {
    title: 'Rain',
    shape: 'sequential',
    anchors: anchors('ffffd9 edf8b1 c7e9b4 7fcdbb 41b6c4 1d91c0 225ea8 253494 081d58'),
    source: 'Brewer (2013), ColorBrewer YlGnBu',
  },
  heat: {
    title: 'Heat',
    shape: 'sequential',
    anchors: anchors('ffffcc ffeda0 fed976 feb24c fd8d3c fc4e2a e31a1c bd0026 800026'),
    source: 'Brewer (2013), ColorBrewer YlOrRd',
  },
  elevation: {
    title: 'Elevation',
    shape: 'sequential',
    anchors: anchors('011959 103f60 1c5a62 3c6d56 687b3e 9d892b d29343 f8a17b fdb7bc faccfa'),
    source: 'Crameri (2018), batlow',
  },
  grey: { title: 'Grey', shape: 'sequential', anchors: anchors('f2f2f2 1a1a1a') },
  phase: {
    title: 'Direction',
    shape: 'cyclic',
    anchors: anchors('283e71 418898 a9b88d e6d3a0 d6a56b a8682c 6b3a12 4a2b6b 283e71'),
  },
} as const satisfies Record<string, Ramp>
export type RampName = keyof typeof ramps

export const isRampName = (name: string): name is RampName => Object.hasOwn(ramps, name)

export const rampSteps = 256

/** The ramp in 256 steps that are equally far apart in OKLab; a diverging ramp's halves are resampled apart, so that its middle
 *  stays in the middle. An unknown name is drawn as `moisture`. */
export function rampColours(name: string, reversed = false): readonly Rgb[] {
  const ramp: Ramp = ramps[isRampName(name) ? name : 'moisture']
  const labs = ramp.anchors.map((hex) => toOklab(rgbOf(hex)))
  const middle = (labs.length - 1) / 2
  const path =
    ramp.shape === 'diverging'
      ? [
          ...equalSteps(labs.slice(0, middle + 1), rampSteps / 2),
          ...equalSteps(labs.slice(middle).reverse(), rampSteps / 2).reverse(),
        ]
      : equalSteps(labs, rampSteps)
  const colours = path.map((lab) => fromOklab(lab).map(Math.round) as unknown as Rgb)
  return reversed ? colours.reverse() : colours
}

/** The ramp as 256 × RGBA bytes, one row of a texture. */
export function rampBytes(name: string, reversed = false): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 * rampSteps)
  rampColours(name, reversed).forEach((rgb, i) => bytes.set([...rgb, 255], 4 * i))
  return bytes
}

/** Colours of classes without an order (land cover, soil type): class c has entry c mod 256. Hues are turned by the golden
 *  angle, so that neighbours in number are far apart; lightness takes three steps. */
export function categoryBytes(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 * rampSteps)
  for (let i = 0; i < rampSteps; i++) {
    const hue = (i * 137.508 * Math.PI) / 180
    const rgb = fromOklab([0.58 + 0.13 * (i % 3), 0.11 * Math.cos(hue), 0.11 * Math.sin(hue)])
    bytes.set([...rgb.map(Math.round), 255], 4 * i)
  }
  return bytes
}

/** `count` points along a broken line, equally far apart along it, ends included. */
function equalSteps(line: readonly Oklab[], count: number): Oklab[] {
  const along = [0]
  for (let i = 1; i < line.length; i++)
    along.push(along[i - 1] + Math.hypot(...line[i].map((value, axis) => value - line[i - 1][axis])))
  let piece = 0
  return Array.from({ length: count }, (_, step) => {
    const at = (along.at(-1)! * step) / (count - 1)
    while (piece < line.length - 2 && along[piece + 1] < at) piece++
    const t = (at - along[piece]) / (along[piece + 1] - along[piece] || 1)
    return line[piece].map((value, axis) => value + t * (line[piece + 1][axis] - value)) as unknown as Oklab
  })
}
