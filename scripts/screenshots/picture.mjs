import { execFileSync } from 'node:child_process'

/** A screenshot with at most 256 colours, not dithered: a third of the bytes, and text stays as sharp as it was.
 *  @param {Buffer} picture PNG */
export function inFewColours(picture) {
  return execFileSync('pngquant', ['--nofs', '--speed', '1', '--strip', '256', '-'], {
    input: picture,
    maxBuffer: 64e6,
  })
}
