import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { bundleScript } from '../../bundle.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

const canMount = spawnSync('unshare', ['-Urm', 'true']).status === 0

test.skipIf(!canMount)(
  'on a full disk a change is refused whole, what was saved stays, and small changes go on',
  async () => {
    const script = await bundleScript(fileURLToPath(new URL('full-disk-child.ts', import.meta.url)))
    const command = 'mount -t tmpfs -o size=8m tmpfs "$1" && exec "$2" "$3" "$1"'
    const argv = ['-Urm', 'sh', '-c', command, 'sh', temporaryFolder(), process.execPath, script.path]
    expect(JSON.parse(execFileSync('unshare', argv, { encoding: 'utf8' }))).toEqual({
      big: 'disk_full',
      sets: 0,
      small: 'done',
      kept: 'Hills',
      bigPart: 'disk_full',
      hasBigPart: false,
      smallPart: 'done',
      reserve: false,
      left: [
        'farm.loam',
        'farm.loam.lock',
        'store',
        'store/parts',
        'store/parts/ab',
        `store/parts/ab/${'ab'.repeat(32)}`,
      ],
    })
    await script.remove()
  },
)
