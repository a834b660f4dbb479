// Runs the Worker locally with wrangler dev, and ends it with the command.
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { servedProjectArgs, spawnWrangler } from '../processes/wrangler.ts'
import { signalGroup } from '../processes/watchdog.ts'
import { CommandError, onInterrupt } from '../terminal/failure.ts'
import { NotLive, untilGone, untilLive, untilSilent } from './liveness.ts'

const STOP_MS_MAX = 5_000
const SHOWN_LINES_MAX = 10

export interface Server {
  readonly url: string
  /** Rejects with CommandError when the Worker ends by itself, answers nothing any more, or its folder is deleted. */
  readonly ended: Promise<never>
  stop(): Promise<void>
}

export interface ServeRequest {
  readonly project: string
  /** The absolute path of its declaration. */
  readonly file: string
  /** The folder of the local D1 and R2. */
  readonly state: string
  readonly port: number
  /** Further variables of the Worker. */
  readonly variables?: Readonly<Record<string, string>>
  /** Gets what wrangler says. */
  readonly onOutput?: (text: string) => void
}

/** Gives the server once it answers; Ctrl-C ends it. Throws CommandError where it does not come up. */
export async function serve({
  project,
  file,
  state,
  port,
  variables = {},
  onOutput,
}: ServeRequest): Promise<Server> {
  await assertPortFree(port)
  const at = ['--env=', '--port', String(port), '--ip', '127.0.0.1', '--inspector-port', '0']
  const named = Object.entries({ ...variables, PROJECT: project }).flatMap(([name, value]) => [
    '--var',
    `${name}:${value}`,
  ])
  const what = [...named, ...servedProjectArgs({ project, file })]
  const child = spawnWrangler(['dev', ...at, ...what, '--persist-to', state])
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
  const over = new AbortController()
  const stop = async (): Promise<void> => {
    over.abort()
    child.kill('SIGTERM')
    await Promise.race([closed, sleep(STOP_MS_MAX, undefined, { ref: false })])
    signalGroup(child, 'SIGKILL')
  }
  const url = `http://127.0.0.1:${port}`
  const died = closed.then((): never => {
    throw new CommandError(`wrangler dev ended: ${said.join(' ')}`)
  })
  died.catch(() => undefined)
  onInterrupt(stop)
  try {
    await Promise.race([untilLive(url), died])
  } catch (error) {
    await stop()
    throw error instanceof NotLive ? new CommandError(`${error.message}: ${said.join(' ')}`) : error
  }
  const silent = untilSilent(url, over.signal).then((): never => {
    throw new CommandError(
      `The service at ${url} answers nothing any more: wrangler's own processes died, start it again`,
    )
  })
  const gone = untilGone(state, over.signal).then((): never => {
    throw new CommandError(
      `The folder ${state} was deleted under the service, which keeps nothing any more: start it again`,
    )
  })
  const ended = Promise.race([died, silent, gone])
  ended.catch(() => undefined)
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
