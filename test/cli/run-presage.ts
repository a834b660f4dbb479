// Runs the command as a user does: a process with an exit code, in a home of its own.
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** Takes the place of .presage; temporary files lie in its folder tmp. */
  readonly home: string
  /** Ctrl-C comes as soon as stdout or stderr says this. */
  readonly interruptAt?: RegExp
  /** More variables of the environment. */
  readonly env?: Readonly<Record<string, string>>
}

const COMMAND = join(import.meta.dirname, '../../cli/presage.ts')

/** Runs a verb to its end; neither stdout nor stderr is a terminal. */
export async function runPresage(
  args: readonly string[],
  { home, interruptAt, env }: RunOptions,
): Promise<Ended> {
  const temporary = join(home, 'tmp')
  mkdirSync(temporary, { recursive: true })
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { ...process.env, ...env, PRESAGE_HOME: home, TMPDIR: temporary },
  })
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

/** Temporary files of the command that are still there. */
export function leftovers(home: string): string[] {
  return readdirSync(join(home, 'tmp')).filter((name) => name.startsWith('presage-'))
}
