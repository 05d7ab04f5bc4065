import { existsSync, readFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import { execute, say, SetupError, step } from './progress.mjs'

/** Program that proves a need is met → Debian packages that bring it. */
const debianPackages = {
  'g++': 'build-essential',
  make: 'build-essential',
  python3: 'python3',
  'gdal-config': 'libgdal-dev',
  cmake: 'cmake',
  chromium: 'chromium fonts-dejavu-core',
  pngquant: 'pngquant',
}

function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder && existsSync(`${folder}/${program}`))
}

function isDebian() {
  try {
    return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}

/** Makes sure that the programs are there: as root on Debian by installing them, else by saying how.
 *  @throws SetupError with the exact line to run */
export async function needPrograms(programs, why) {
  const missing = programs.filter((program) => !onPath(program))
  if (missing.length === 0) return
  const packages = [...new Set(missing.flatMap((program) => debianPackages[program].split(' ')))]
  const line = `apt-get install -y --no-install-recommends ${packages.join(' ')}`
  if (!isDebian())
    throw new SetupError(
      `${missing.join(', ')} not found; needed ${why}`,
      `Install them with your system's package manager (on Debian: ${line}), then run this again.`,
    )
  if (process.getuid() !== 0)
    throw new SetupError(
      `${missing.join(', ')} not found; needed ${why}; only root can install system packages`,
      `Run this line, then start again:\n\n  sudo sh -c 'apt-get update && ${line}'\n`,
    )
  say(`  ${missing.join(', ')} not found; needed ${why}`)
  await step(`system packages: ${packages.join(' ')}`, 'about a minute', async () => {
    const remedy = `Check the network and the package sources, then run by hand: apt-get update && ${line}`
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    await execute('apt-update', 'apt-get', ['update'], { env, remedy })
    await execute('apt-install', 'apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env, remedy })
  })
}
