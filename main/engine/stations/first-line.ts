import { open } from 'node:fs/promises'

/** The first line of a text file that is not empty, to tell tables of one make; null for a file of other bytes. */
export async function firstLine(path: string): Promise<string | null> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8192), 0, 8192, 0)
    const text = buffer.toString('latin1', 0, bytesRead)
    if (text.includes('\0')) return null
    return text.split(/[\r\n]+/).find((line) => line.trim() !== '') ?? null
  } finally {
    await file.close()
  }
}
