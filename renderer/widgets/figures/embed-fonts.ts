const kept = new Map<string, Promise<string>>()

/** `@font-face` rules of the page's own font with the letters a text needs, the files in them: what leaves the window looks the
 *  same where the font is not installed. @param isEmbedded false: by their addresses, for a document of this page's own */
export async function fontCssFor(text: string, { isEmbedded = true } = {}): Promise<string> {
  const letters = [...new Set(text)].map((letter) => letter.codePointAt(0) ?? 0)
  const faces = ownFaces().filter(({ ranges }) =>
    letters.some((letter) => ranges.some(([from, to]) => letter >= from && letter <= to)),
  )
  const rules = await Promise.all(
    faces.map(async ({ family, weight, url, unicodeRange }) => {
      const data = isEmbedded ? (kept.get(url) ?? dataUrlOf(url)) : url
      if (typeof data !== 'string') kept.set(url, data)
      return `@font-face{font-family:'${family}';font-style:normal;font-weight:${weight};src:url(${await data}) format('woff2');unicode-range:${unicodeRange}}`
    }),
  )
  return rules.join('')
}

interface Face {
  readonly family: string
  readonly weight: string
  readonly url: string
  readonly unicodeRange: string
  readonly ranges: readonly (readonly [number, number])[]
}

function ownFaces(): Face[] {
  return [...document.styleSheets].flatMap((sheet) =>
    [...sheet.cssRules].flatMap((rule): Face[] => {
      if (!(rule instanceof CSSFontFaceRule)) return []
      const of = (name: string) => rule.style.getPropertyValue(name)
      const address = /url\("?([^")]+)"?\)/.exec(of('src'))?.[1]
      if (!address || of('font-style') === 'italic') return []
      return [
        {
          family: of('font-family').replace(/['"]/g, ''),
          weight: of('font-weight') || '400',
          url: new URL(address, sheet.href ?? document.baseURI).href,
          unicodeRange: of('unicode-range') || 'U+0-10FFFF',
          ranges: rangesOf(of('unicode-range') || 'U+0-10FFFF'),
        },
      ]
    }),
  )
}

/** `U+0-FF, U+131, U+4??` as from–to pairs. */
export function rangesOf(text: string): [number, number][] {
  return text.split(',').flatMap((part): [number, number][] => {
    const [, from, to] = /U\+([0-9A-F?]+)(?:-([0-9A-F]+))?/i.exec(part.trim()) ?? []
    if (!from) return []
    return [[Number.parseInt(from.replaceAll('?', '0'), 16), Number.parseInt(to ?? from.replaceAll('?', 'F'), 16)]]
  })
}

async function dataUrlOf(url: string): Promise<string> {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer())
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return `data:font/woff2;base64,${btoa(text)}`
}
