// `presage trainer --once` as a process of its own, which may be killed on the way.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { rootFolder } from '../cli/storage/paths.ts'

export interface TrainerRun {
  /** Its name, or the path of its file. */
  readonly project: string
  readonly url: string
  readonly key: string
  readonly home: string
  readonly seed: number
  readonly family: string
  readonly leaseSeconds: number
  /** As the trainer's own default where absent. */
  readonly stepHours?: number
  /** When it is killed; it lives to its end where absent. */
  readonly afterMs?: number
  /** Gets each line that it says. */
  readonly say?: (line: string) => void
}

/** Gives whether it was killed before its end. */
export async function runTrainer(run: TrainerRun): Promise<boolean> {
  const { project, url, key, home, seed, family, leaseSeconds, stepHours, afterMs, say } = run
  const own = ['--once', '--family', family, '--seed', String(seed), '--lease-seconds', String(leaseSeconds)]
  if (stepHours !== undefined) own.push('--step-hours', String(stepHours))
  const child = spawn(
    process.execPath,
    [join(rootFolder, 'cli/presage.ts'), 'trainer', project, '--url', url, ...own],
    {
      env: { ...process.env, PRESAGE_KEY: key, PRESAGE_HOME: home },
      stdio: ['ignore', 'ignore', say === undefined ? 'inherit' : 'pipe'],
    },
  )
  child.stderr?.on('data', (text: Buffer) => {
    for (const line of text.toString().split('\n')) if (line.trim() !== '') say?.(line)
  })
  const closed = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once('close', (_, signal) => resolve(signal)),
  )
  const timer = afterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), afterMs)
  const signal = await closed
  clearTimeout(timer)
  return signal === 'SIGKILL'
}
