// Runs the Worker locally with wrangler dev, and ends it with the command.
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError, onInterrupt } from '../terminal/failure.ts'
import { projectPaths } from '../storage/paths.ts'
import { spawnWrangler } from '../processes/wrangler.ts'

const START_MS_MAX = 60_000
const POLL_MS = 50
const STOP_MS_MAX = 5_000
const SHOWN_LINES_MAX = 10

export interface Server {
  readonly url: string
  /** Rejects with CommandError when the Worker ends by itself. */
  readonly ended: Promise<never>
  stop(): Promise<void>
}

export interface ServeRequest {
  readonly project: string
  readonly port: number
  /** Gets what wrangler says. */
  readonly onOutput?: (text: string) => void
}

/** Gives the server once it answers; Ctrl-C ends it. Throws CommandError where it does not come up. */
export async function serve({ project, port, onOutput }: ServeRequest): Promise<Server> {
  await assertPortFree(port)
  const args = ['dev', '--port', String(port), '--ip', '127.0.0.1', '--var', `PROJECT:${project}`]
  const child = spawnWrangler([...args, '--persist-to', projectPaths(project).state, '--inspector-port', '0'])
  const said: string[] = []
  const note = (data: Buffer): void => {
    said.push(
      ...data
        .toString()
        .split('\n')
        .filter((line) => line.trim() !== ''),
    )
    said.splice(0, said.length - SHOWN_LINES_MAX)
    onOutput?.(data.toString())
  }
  child.stdout?.on('data', note)
  child.stderr?.on('data', note)
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const ended = closed.then((): never => {
    throw new CommandError(`wrangler dev ended: ${said.join(' ')}`)
  })
  ended.catch(() => undefined)
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await Promise.race([closed, sleep(STOP_MS_MAX, undefined, { ref: false })])
    child.kill('SIGKILL')
  }
  const url = `http://127.0.0.1:${port}`
  onInterrupt(stop)
  try {
    await Promise.race([untilLive(url), ended])
  } catch (error) {
    await stop()
    throw error
  }
  return { url, ended, stop }
}

/** Throws CommandError where something listens: it would be taken for the service that is started. */
export async function assertPortFree(port: number): Promise<void> {
  const listener = createServer()
  await new Promise<void>((resolve, reject) => {
    listener.once('error', () =>
      reject(new CommandError(`Port ${port} is taken or not allowed: give another with --port`)),
    )
    listener.listen(port, '127.0.0.1', () => listener.close(() => resolve()))
  })
}

async function untilLive(url: string): Promise<void> {
  const startMs = performance.now()
  while (performance.now() - startMs < START_MS_MAX) {
    const answered = await fetch(`${url}/livez`).then(
      (response) => response.ok,
      () => false,
    )
    if (answered) return
    await sleep(POLL_MS)
  }
  throw new CommandError(`The service at ${url} did not come up in ${START_MS_MAX / 1000} s`)
}
