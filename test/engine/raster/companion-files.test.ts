import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { companionFiles } from '../../../main/engine/raster/index.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

test('headers, projections, world files and notes go with their raster, other files of its name do not', async () => {
  const folder = temporaryFolder()
  const at = (name: string): string => join(folder, name)
  const names = ['a.img', 'a.hdr', 'A.PRJ', 'a.img.aux.xml', 'a.csv', 'a.img.ovr', 'ab.hdr', 'b.asc', 'c.tif', 'c.tfw']
  for (const name of names) writeFileSync(at(name), '')
  const found = await companionFiles([at('a.img'), at('b.asc'), at('c.tif'), at('gone/d.img')])
  expect([...found].map(([path, beside]) => [path, beside.toSorted()])).toEqual([
    [at('a.img'), ['A.PRJ', 'a.hdr', 'a.img.aux.xml'].map(at)],
    [at('c.tif'), [at('c.tfw')]],
  ])
})
