import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where Loam keeps a user's settings, as the system has it. */
export function configFolder(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  home = homedir(),
): string {
  if (platform === 'win32') return join(env.APPDATA || join(home, 'AppData', 'Roaming'), 'Loam')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Loam')
  return join(env.XDG_CONFIG_HOME || join(home, '.config'), 'loam')
}
