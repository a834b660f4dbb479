// Runs the command as a user does: a process with an exit code, in a home of its own.
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** Takes the place of .presage; its folder tmp takes that of the system's temporary folder. */
  readonly home: string
  /** Another checkout than this one. */
  readonly root?: string
  /** Ctrl-C comes as soon as stdout or stderr says this. */
  readonly interruptAt?: RegExp
  /** More variables of the environment. */
  readonly env?: Readonly<Record<string, string>>
}

const ROOT = join(import.meta.dirname, '../..')
const LEFTOVERS_MS_MAX = 5_000

/** Runs a verb to its end; neither stdout nor stderr is a terminal. */
export async function runPresage(
  args: readonly string[],
  { interruptAt, ...options }: RunOptions,
): Promise<Ended> {
  const child = spawnPresage(args, options)
  let [stdout, stderr] = ['', '']
  let interrupted = false
  const interrupt = (said: string): void => {
    if (interrupted || interruptAt?.test(said) !== true) return
    interrupted = true
    child.kill('SIGINT')
  }
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString()
    interrupt(stdout)
  })
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString()
    interrupt(stderr)
  })
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('close', (...ended) => resolve(ended)),
  )
  return { code, signal, stdout, stderr }
}

/** What the one line on stdout says. Throws where the command failed or printed anything else. */
export function jsonOf({ code, stdout, stderr }: Ended): unknown {
  if (code !== 0) throw new Error(`The command ended with ${code}: ${stderr}`)
  if (!/^\{.*\}\n$/.test(stdout)) throw new Error(`Expected one line of JSON, got: ${stdout}`)
  return JSON.parse(stdout)
}

/** Starts a verb; the caller ends it. */
export function spawnPresage(
  args: readonly string[],
  { home, root = ROOT, env }: Omit<RunOptions, 'interruptAt'>,
): ChildProcessWithoutNullStreams {
  const temporary = join(home, 'tmp')
  mkdirSync(temporary, { recursive: true })
  return spawn(process.execPath, [join(root, 'cli/presage.ts'), ...args], {
    env: { ...process.env, ...env, PRESAGE_HOME: home, TMPDIR: temporary },
  })
}

/**
 * Temporary files, in the system's folder and in that of the command, that are still there some seconds
 * after it ended: what a signal ended is cleared up after by another process.
 */
export async function leftovers(home: string): Promise<string[]> {
  const startMs = performance.now()
  for (;;) {
    const folders = [join(home, 'tmp'), join(home, '.tmp')].filter((folder) => existsSync(folder))
    const left = folders.flatMap((folder) => readdirSync(folder))
    if (left.length === 0 || performance.now() - startMs > LEFTOVERS_MS_MAX) return left
    await sleep(50)
  }
}
