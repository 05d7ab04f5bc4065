import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { childEntry } from '../../main/engine/files/index.ts'

export interface CommandEnd {
  /** 128 + signal number when a signal ended it, as a shell would say. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface StartedCommand {
  readonly child: ChildProcess
  readonly end: Promise<CommandEnd>
  /** Waits until stderr holds a text, or the command is over. */
  told(text: string): Promise<void>
}

/** Starts the command line in a process of its own, as a user would. */
export function startLoam(args: readonly string[], cwd: string): StartedCommand {
  return start(process.execPath, [childEntry('cli'), ...args], cwd)
}

/** Runs one command to its end. */
export function loam(args: readonly string[], cwd: string): Promise<CommandEnd> {
  return startLoam(args, cwd).end
}

/** Runs a line of shell in which `$LOAM` stands for the command line. */
export function shell(line: string, cwd: string): Promise<CommandEnd> {
  return start('bash', ['-o', 'pipefail', '-c', line], cwd).end
}

function start(program: string, args: readonly string[], cwd: string): StartedCommand {
  const env = { ...process.env, LOAM: `${process.execPath} ${childEntry('cli')}` }
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  let isOver = false
  const waiting: { text: string; go: () => void }[] = []
  const wake = (): void => {
    for (const { text, go } of waiting) if (isOver || stderr.includes(text)) go()
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    wake()
  })
  const end = new Promise<CommandEnd>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      isOver = true
      wake()
      resolve({ code: code ?? 128 + (signal === 'SIGINT' ? 2 : 9), stdout, stderr })
    })
  })
  return {
    child,
    end,
    told: (text) =>
      new Promise((go) => {
        waiting.push({ text, go })
        wake()
      }),
  }
}
