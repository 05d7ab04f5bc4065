/** The picture scaled down by the browser itself. */
export async function smaller(page, picture, width) {
  const encoded = await page.evaluate(
    async ([data, wide]) => {
      const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0))
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
      const canvas = new OffscreenCanvas(wide, Math.round((bitmap.height * wide) / bitmap.width))
      const drawing = canvas.getContext('2d')
      drawing.imageSmoothingQuality = 'high'
      drawing.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
      const blob = await canvas.convertToBlob({ type: 'image/png' })
      const result = new Uint8Array(await blob.arrayBuffer())
      let text = ''
      for (let i = 0; i < result.length; i += 32_768) text += String.fromCharCode(...result.subarray(i, i + 32_768))
      return btoa(text)
    },
    [picture.toString('base64'), width],
  )
  return Buffer.from(encoded, 'base64')
}
