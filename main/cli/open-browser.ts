import { spawn } from 'node:child_process'

/** The system's way to open an address, null where there is no screen to open it on. */
export function browserCommand(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
): { program: string; args: readonly string[] } | null {
  if (env.SSH_CONNECTION) return null
  if (platform === 'darwin') return { program: 'open', args: [] }
  // `start` takes a first quoted argument for a title.
  if (platform === 'win32') return { program: 'cmd', args: ['/c', 'start', ''] }
  return env.DISPLAY || env.WAYLAND_DISPLAY ? { program: 'xdg-open', args: [] } : null
}

/** Opens an address in the default browser. Resolves to false when there is none: the address is printed anyway. */
export function openBrowser(address: string): Promise<boolean> {
  const command = browserCommand(process.platform, process.env)
  if (!command) return Promise.resolve(false)
  return new Promise((resolve) => {
    const child = spawn(command.program, [...command.args, address], { detached: true, stdio: 'ignore' })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}

/** What to type on one's own computer to reach a server on a workstation.
 *  @param connection `SSH_CONNECTION`: client address, client port, server address, server port */
export function tunnelCommand(connection: string, user: string, port: number): string {
  const [, , host, sshPort] = connection.split(' ')
  // The same port on both ends: the server answers under its own address only.
  const asked = sshPort && sshPort !== '22' ? `-p ${sshPort} ` : ''
  return `ssh ${asked}-N -L ${port}:127.0.0.1:${port} ${user}@${host}`
}
