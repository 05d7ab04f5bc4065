import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { LoamError } from '../../contract/index.ts'

/** GDAL treats some names as commands: virtual file systems, addresses, memory pointers, quoted sub-datasets. */
const unsafe = [/\/vsi/i, /^[a-z][a-z0-9+.-]+:\/\//i, /:\/\//, /:::/, /["\n\r\0]/]

/** The absolute path of an existing plain file whose name GDAL cannot take for anything else.
 *  @throws unsafe_input for a name GDAL would interpret; not_found; bad_input for a folder or device */
export async function safeRasterPath(path: string): Promise<string> {
  if (unsafe.some((pattern) => pattern.test(path)))
    throw new LoamError(
      'unsafe_input',
      `${path} holds "/vsi", "://", ":::" or a quote, which GDAL would read as a command and not as a file name. ` +
        `Loam needs a plain file on a local drive; rename or download it first.`,
      { file: path },
    )
  const absolute = resolve(path)
  const facts = await stat(absolute).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code !== 'ENOENT' && fault.code !== 'ENOTDIR') throw fault
    throw new LoamError('not_found', `${path} does not exist. Loam needs a file there; check the path.`, { file: path })
  })
  if (!facts.isFile())
    throw new LoamError('bad_input', `${path} is not a file. Loam needs one raster file; name a file inside it.`, {
      file: path,
    })
  return absolute
}
