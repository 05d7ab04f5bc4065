import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const addon = fileURLToPath(new URL('../../main/native/build/Release/loam.node', import.meta.url))

/** Runs a line of JavaScript with `loam` as the binary in a process of its own. */
function run(code: string, fault = ''): ReturnType<typeof spawnSync> {
  return spawnSync(process.execPath, ['-e', `const loam = require(${JSON.stringify(addon)}); ${code}`], {
    encoding: 'utf8',
    env: { ...process.env, LOAM_FAULT: fault },
  })
}

describe('process', () => {
  it('crashes on purpose only when the environment asks for it', () => {
    expect(run('loam.crashForTest()', 'crash').signal).toBe('SIGABRT')
    expect(run('loam.crashForTest()').status).toBe(0)
  })

  it.skipIf(process.platform !== 'linux')('does not outlive its parent, not even in a native call', async () => {
    // The parent starts a child that blocks its own event loop for ever, tells the child's number and dies by SIGKILL.
    const child = `require(${JSON.stringify(addon)}).setParentDeathSignal(); console.log(process.pid); for (;;);`
    const { stdout } = run(
      `const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]);
       child.stdout.on('data', (text) => { require('node:fs').writeSync(1, text); process.kill(process.pid, 'SIGKILL') })`,
    )
    const pid = Number(stdout)
    expect(pid).toBeGreaterThan(0)
    for (let i = 0; i < 100 && existsSync(`/proc/${pid}`); i++) await new Promise((done) => setTimeout(done, 20))
    expect(existsSync(`/proc/${pid}`)).toBe(false)
  })

  it.skipIf(process.platform === 'win32')('keeps a process within its memory', () => {
    const { status } = run(
      `if (!loam.limitDataBytes(2e9)) process.exit(3); try { new ArrayBuffer(4e9); process.exit(4) } catch { process.exit(0) }`,
    )
    expect(status).toBe(0)
  })
})
