import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { bundleScript } from '../bundle.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const canMount = spawnSync('unshare', ['-Urm', 'true']).status === 0

test.skipIf(!canMount)('an upload stops before it takes the room the project needs to be saved', async () => {
  const script = await bundleScript(fileURLToPath(new URL('small-disk-child.ts', import.meta.url)))
  const command = 'mount -t tmpfs -o size=64m tmpfs "$1" && exec "$2" "$3" "$1"'
  const argv = ['-Urm', 'sh', '-c', command, 'sh', temporaryFolder(), process.execPath, script.path]
  expect(JSON.parse(execFileSync('unshare', argv, { encoding: 'utf8' }))).toEqual({
    told: { code: 'disk_full', message: expect.stringMatching(/no room for .*x\.tif\. Free some space/) },
    left: [],
  })
  await script.remove()
})
