/** Red, green, blue as sRGB bytes 0–255 (not rounded while computing). */
export type Rgb = readonly [number, number, number]
/** OKLab: lightness 0–1, green–red, blue–yellow. */
export type Oklab = readonly [number, number, number]

/** `#rrggbb` → bytes. */
export function rgbOf(hex: string): Rgb {
  const number = Number.parseInt(hex.slice(1), 16)
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255]
}

/** IEC 61966-2-1: sRGB byte → linear light 0–1. */
function toLinear(byte: number): number {
  const s = byte / 255
  return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4
}

function fromLinear(linear: number): number {
  const c = Math.min(1, Math.max(0, linear))
  return 255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055)
}

type Matrix = readonly [Rgb, Rgb, Rgb]

function times(m: Matrix, [a, b, c]: Rgb): Rgb {
  return [
    m[0][0] * a + m[0][1] * b + m[0][2] * c,
    m[1][0] * a + m[1][1] * b + m[1][2] * c,
    m[2][0] * a + m[2][1] * b + m[2][2] * c,
  ]
}

const linearToCone: Matrix = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
]
const coneToLab: Matrix = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
]
const labToCone: Matrix = [
  [1, 0.3963377774, 0.2158037573],
  [1, -0.1055613458, -0.0638541728],
  [1, -0.0894841775, -1.291485548],
]
const coneToLinear: Matrix = [
  [4.0767416621, -3.3077115913, 0.2309699292],
  [-1.2684380046, 2.6097574011, -0.3413193965],
  [-0.0041960863, -0.7034186147, 1.707614701],
]

/** Source: Ottosson, B. (2020), A perceptual color space for image processing. */
export function toOklab([r, g, b]: Rgb): Oklab {
  const cones = times(linearToCone, [toLinear(r), toLinear(g), toLinear(b)])
  return times(coneToLab, [Math.cbrt(cones[0]), Math.cbrt(cones[1]), Math.cbrt(cones[2])])
}

/** Colours outside sRGB are cut off channel by channel. */
export function fromOklab(lab: Oklab): Rgb {
  const [l, m, s] = times(labToCone, lab)
  const [r, g, b] = times(coneToLinear, [l ** 3, m ** 3, s ** 3])
  return [fromLinear(r), fromLinear(g), fromLinear(b)]
}

export type ColourVision = 'protanopia' | 'deuteranopia' | 'tritanopia'

/** 3 × 3, for linear red, green and blue. */
export const visionMatrices: Readonly<Record<ColourVision, Matrix>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

/** How a colour looks to a person with that colour vision, severity 1.
 *  Source: Machado, Oliveira & Fernandes (2009), IEEE TVCG 15(6), on linear light. */
export function simulateVision(vision: ColourVision, [r, g, b]: Rgb): Rgb {
  const [x, y, z] = times(visionMatrices[vision], [toLinear(r), toLinear(g), toLinear(b)])
  return [fromLinear(x), fromLinear(y), fromLinear(z)]
}
