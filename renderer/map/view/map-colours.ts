export type Theme = 'light' | 'dark'
type Rgba = readonly [number, number, number, number]

/** Colours of what lies around the data: quiet greys of the tokens, as numbers for the graphics card. */
export interface MapColours {
  readonly land: Rgba
  readonly coast: Rgba
  readonly border: Rgba
  readonly graticule: Rgba
  readonly text: Rgba
  readonly halo: Rgba
  readonly accent: Rgba
  readonly line: Rgba
  /** Patterns where there is no value, 0–1. */
  readonly ink: readonly [number, number, number, number]
}

export const mapColours: Record<Theme, MapColours> = {
  light: {
    land: [250, 249, 246, 255],
    coast: [164, 158, 146, 255],
    border: [201, 196, 186, 255],
    graticule: [31, 29, 26, 30],
    text: [31, 29, 26, 255],
    halo: [255, 255, 255, 220],
    accent: [15, 95, 115, 255],
    line: [90, 86, 78, 255],
    ink: [0.35, 0.34, 0.31, 0.75],
  },
  dark: {
    land: [30, 29, 25, 255],
    coast: [104, 98, 88, 255],
    border: [66, 62, 55, 255],
    graticule: [235, 232, 225, 28],
    text: [235, 232, 225, 255],
    halo: [18, 17, 16, 220],
    accent: [111, 195, 214, 255],
    line: [179, 173, 161, 255],
    ink: [0.7, 0.68, 0.63, 0.7],
  },
}
