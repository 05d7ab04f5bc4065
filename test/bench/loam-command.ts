import { spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { childEntry } from '../../main/engine/files/index.ts'

export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
  /** Largest sum of resident memory of the process and all below it, looked at every 50 ms, bytes; 0 off Linux. */
  readonly peakBytes: number
  /** Processor time of all of them, as last seen; 0 off Linux. On a busy machine it says more than `seconds`. */
  readonly cpuSeconds: number
}

/** Runs one `loam` command as a user would, in a process of its own.
 *  @param options.killAfterMs SIGKILL to the process group, as a power cut would end it */
export function loam(
  args: readonly string[],
  options: { readonly killAfterMs?: number; readonly env?: NodeJS.ProcessEnv; readonly mayFail?: boolean } = {},
): Promise<CommandResult> {
  const start = performance.now()
  const child = spawn(process.execPath, [childEntry('cli'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...options.env },
  })
  let [stdout, stderr, peakBytes, cpuSeconds] = ['', '', 0, 0]
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()))
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()))
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, treeBytes(child.pid!))
    cpuSeconds = Math.max(cpuSeconds, treeSeconds(child.pid!))
  }, 50)
  const killer =
    options.killAfterMs === undefined
      ? undefined
      : setTimeout(() => {
          for (const pid of processTree(child.pid!)) killQuietly(pid)
        }, options.killAfterMs)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      clearInterval(watch)
      clearTimeout(killer)
      const result = {
        code: code ?? 137,
        stdout,
        stderr,
        seconds: (performance.now() - start) / 1000,
        peakBytes,
        cpuSeconds,
      }
      if (result.code === 0 || options.mayFail || options.killAfterMs !== undefined) resolve(result)
      else reject(new Error(`loam ${args.join(' ')} ended with ${result.code}:\n${stderr}`))
    })
  })
}

/** The JSON a command printed with `--json`. */
export async function loamJson<T>(
  args: readonly string[],
): Promise<T & { peakBytes: number; cpuSeconds: number; wallSeconds: number }> {
  const result = await loam([...args, '--json'])
  const { peakBytes, cpuSeconds, seconds } = result
  return { ...(JSON.parse(result.stdout) as T), peakBytes, cpuSeconds, wallSeconds: seconds }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself a moment before.
  }
}

/** A process and all its descendants. */
function processTree(root: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    const parent = readQuietly(`/proc/${name}/stat`)
      ?.replace(/^.*\) /, '')
      .split(' ')[1]
    if (parent) children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(name)])
  }
  const tree: number[] = []
  const visit = (pid: number): void => {
    tree.push(pid)
    children.get(pid)?.forEach(visit)
  }
  visit(root)
  return tree
}

function treeBytes(root: number): number {
  if (process.platform !== 'linux') return 0
  return processTree(root).reduce((sum, pid) => {
    const status = readQuietly(`/proc/${pid}/status`) ?? ''
    return sum + Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024
  }, 0)
}

/** Time in user and system, of children that ended too. Linux counts hundredths. */
function treeSeconds(root: number): number {
  if (process.platform !== 'linux') return 0
  return processTree(root).reduce((sum, pid) => {
    const fields = (readQuietly(`/proc/${pid}/stat`) ?? '').replace(/^.*\) /, '').split(' ')
    return sum + fields.slice(11, 15).reduce((ticks, field) => ticks + Number(field), 0) / 100
  }, 0)
}

function readQuietly(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
