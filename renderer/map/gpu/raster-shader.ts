import type { Texture } from '@luma.gl/core'
import type { ShaderModule } from '@luma.gl/shadertools'
import { patternLookupSource, patternPeriod } from './reason-patterns.ts'

/** Everything a change of which needs no new tile, and no more than one frame. */
export interface RasterUniforms {
  /** Part of the tile that is drawn: first column, first row, columns, rows, in cells. */
  readonly cells: readonly [number, number, number, number]
  /** Colour of patterns where there is no value; RGBA 0–1. */
  readonly ink: readonly [number, number, number, number]
  /** Values at the ends of the ramp. */
  readonly range: readonly [number, number]
  /** CSS pixels of one cell, across and down. */
  readonly cellPixels: readonly [number, number]
  /** Device pixels of the canvas between which it is drawn, from the left. */
  readonly clip: readonly [number, number]
  /** Where patterns are anchored, so that they move with the map; CSS pixels. */
  readonly anchor: readonly [number, number]
  readonly classes: number
  readonly isSmooth: number
  readonly isCategorical: number
  readonly showReasons: number
  readonly pixelRatio: number
  readonly opacity: number
}
export interface RasterTextures {
  readonly rasterValues: Texture
  readonly rasterReasons: Texture
  readonly rasterRamp: Texture
}

// One member per line, in the order of uniformTypes: luma.gl compares them.
const uniformBlock = `\
layout(std140) uniform rasterUniforms {
  vec4 cells;
  vec4 ink;
  vec2 range;
  vec2 cellPixels;
  vec2 clip;
  vec2 anchor;
  float classes;
  float isSmooth;
  float isCategorical;
  float showReasons;
  float pixelRatio;
  float opacity;
} raster;
`

export const rasterUniforms = {
  name: 'raster',
  vs: uniformBlock,
  fs: uniformBlock,
  uniformTypes: {
    cells: 'vec4<f32>',
    ink: 'vec4<f32>',
    range: 'vec2<f32>',
    cellPixels: 'vec2<f32>',
    clip: 'vec2<f32>',
    anchor: 'vec2<f32>',
    classes: 'f32',
    isSmooth: 'f32',
    isCategorical: 'f32',
    showReasons: 'f32',
    pixelRatio: 'f32',
    opacity: 'f32',
  },
} as const satisfies ShaderModule<RasterUniforms & RasterTextures>

/** The four corners in the order of a triangle strip; the upper left is (0, 0) in the tile. */
export const rasterVertexShader = `\
#version 300 es
#define SHADER_NAME float-raster-vertex-shader
in vec3 positions;
in vec3 positions64Low;
out vec2 inTile;

void main(void) {
  geometry.worldPosition = positions;
  inTile = vec2(gl_VertexID >> 1, gl_VertexID & 1);
  gl_Position = project_position_to_clipspace(positions, positions64Low, vec3(0.0), geometry.position);
}
`

/** Values stay float32 up to here. NaN is told by its bits, because compilers may assume that isnan() is never true. */
export const rasterFragmentShader = `\
#version 300 es
#define SHADER_NAME float-raster-fragment-shader
precision highp float;
precision highp int;
precision highp sampler2D;

uniform highp sampler2D rasterValues;
uniform sampler2D rasterReasons;
uniform sampler2D rasterRamp;

in vec2 inTile;
out vec4 fragColor;

const float PERIOD = ${patternPeriod.toFixed(1)};

bool isMissing(float value) {
  return (floatBitsToUint(value) & 0x7f800000u) == 0x7f800000u;
}

float valueAt(ivec2 cell, ivec2 size) {
  return texelFetch(rasterValues, clamp(cell, ivec2(0), size - 1), 0).r;
}

int reasonAt(ivec2 cell, ivec2 size) {
  return int(texelFetch(rasterReasons, clamp(cell, ivec2(0), size - 1), 0).r * 255.0 + 0.5);
}

${patternLookupSource()}

// Bilinear over the cells that have a value; weights of the others go to them.
float smoothValue(vec2 at, ivec2 size) {
  vec2 corner = floor(at - 0.5);
  vec2 f = at - 0.5 - corner;
  float sum = 0.0;
  float weights = 0.0;
  for (int i = 0; i < 4; i++) {
    ivec2 offset = ivec2(i & 1, i >> 1);
    float value = valueAt(ivec2(corner) + offset, size);
    float weight = (offset.x == 1 ? f.x : 1.0 - f.x) * (offset.y == 1 ? f.y : 1.0 - f.y);
    if (!isMissing(value)) {
      sum += weight * value;
      weights += weight;
    }
  }
  return sum / max(weights, 1e-6);
}

vec3 colourOf(float value) {
  if (raster.isCategorical > 0.5) {
    float entry = mod(floor(value + 0.5), 256.0);
    return texelFetch(rasterRamp, ivec2(int(entry), 0), 0).rgb;
  }
  float t = clamp((value - raster.range.x) / (raster.range.y - raster.range.x), 0.0, 1.0);
  if (raster.classes > 1.5) t = min(raster.classes - 1.0, floor(t * raster.classes)) / (raster.classes - 1.0);
  else if (raster.classes > 0.5) t = 0.5;
  return texture(rasterRamp, vec2((0.5 + 255.0 * t) / 256.0, 0.5)).rgb;
}

// How much of the pixel a line of that width covers, at a signed distance from its middle.
float lineAt(float distance, float width) {
  float soft = 0.5 / raster.pixelRatio;
  return 1.0 - smoothstep(0.5 * width - soft, 0.5 * width + soft, abs(distance));
}

float toMiddle(float at) {
  return mod(at, PERIOD) - 0.5 * PERIOD;
}

float patternCover(int pattern, vec2 p, vec2 inCell, ivec2 cell, ivec2 size, int reason) {
  if (pattern == 1) return lineAt(toMiddle(p.x + p.y) * 0.7071, 1.0);
  if (pattern == 2) return lineAt(toMiddle(p.x - p.y) * 0.7071, 1.0);
  if (pattern == 3) return max(lineAt(toMiddle(p.x + p.y) * 0.7071, 1.0), lineAt(toMiddle(p.x - p.y) * 0.7071, 1.0));
  vec2 m = vec2(toMiddle(p.x), toMiddle(p.y));
  if (pattern == 4) return 1.0 - smoothstep(1.0, 1.6, length(m));
  if (pattern == 5) return lineAt(m.y, 1.0);
  if (pattern == 6) return lineAt(m.x, 1.0);
  if (pattern == 7) return max(lineAt(m.x, 1.0) * step(abs(m.y), 2.5), lineAt(m.y, 1.0) * step(abs(m.x), 2.5));
  if (pattern == 8) {
    // The edge of what was not observed; single cells too once they are large enough to tell apart.
    float cover = 0.0;
    bool isLarge = min(raster.cellPixels.x, raster.cellPixels.y) >= 10.0;
    vec2 fromLow = inCell * raster.cellPixels;
    vec2 fromHigh = (1.0 - inCell) * raster.cellPixels;
    if (isLarge || reasonAt(cell + ivec2(-1, 0), size) != reason) cover = max(cover, step(fromLow.x, 1.0));
    if (isLarge || reasonAt(cell + ivec2(0, -1), size) != reason) cover = max(cover, step(fromLow.y, 1.0));
    if (reasonAt(cell + ivec2(1, 0), size) != reason) cover = max(cover, step(fromHigh.x, 1.0));
    if (reasonAt(cell + ivec2(0, 1), size) != reason) cover = max(cover, step(fromHigh.y, 1.0));
    return cover;
  }
  return 0.0;
}

void main(void) {
  if (gl_FragCoord.x < raster.clip.x || gl_FragCoord.x >= raster.clip.y) discard;
  ivec2 size = textureSize(rasterValues, 0);
  vec2 at = raster.cells.xy + inTile * raster.cells.zw;
  ivec2 cell = clamp(ivec2(floor(at)), ivec2(0), size - 1);
  vec2 inCell = at - vec2(cell);
  float value = valueAt(cell, size);
  int reason = reasonAt(cell, size);
  vec2 p = vec2(gl_FragCoord.x, -gl_FragCoord.y) / raster.pixelRatio - raster.anchor;

  vec4 colour = vec4(0.0);
  if (!isMissing(value)) {
    if (raster.isSmooth > 0.5) value = smoothValue(at, size);
    colour = vec4(colourOf(value), 1.0);
    float least = min(raster.cellPixels.x, raster.cellPixels.y);
    if (least >= 24.0) {
      vec2 fromLow = inCell * raster.cellPixels;
      float edge = step(min(fromLow.x, fromLow.y), 1.0);
      float dark = dot(colour.rgb, vec3(0.299, 0.587, 0.114));
      colour.rgb = mix(colour.rgb, vec3(dark > 0.5 ? 0.0 : 1.0), 0.28 * edge);
    }
  }
  if (reason != 0 && raster.showReasons > 0.5) {
    float cover = patternCover(patternOf(reason), p, inCell, cell, size, reason);
    if (colour.a > 0.0) {
      float dark = dot(colour.rgb, vec3(0.299, 0.587, 0.114));
      colour.rgb = mix(colour.rgb, vec3(dark > 0.45 ? 0.08 : 0.96), 0.7 * cover);
    } else {
      colour = vec4(raster.ink.rgb, raster.ink.a * cover);
    }
  }
  if (colour.a <= 0.0) discard;
  fragColor = vec4(colour.rgb, colour.a * raster.opacity);
}
`
