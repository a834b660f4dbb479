// The service of a run: the real Worker over a local D1 and R2 of its own, told the time by whoever asks it.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CLOCK_HEADER } from '../../functions/clock.ts'
import { serve } from '../../cli/service/serve.ts'
import { createKey } from '../../cli/storage/keys.ts'
import { withStorage } from '../../cli/storage/open-storage.ts'
import type { LocalPlace } from '../../cli/storage/place.ts'
import { freePort } from '../../test/cli/free-port.ts'
import { startClockProxy } from './clock.ts'
import type { RunClock } from './clock.ts'

export const PROJECT = 'months'
export const PROJECT_FILE = join(import.meta.dirname, 'months.project.ts')
const CRON = encodeURIComponent('*/5 * * * *')

export interface Reply {
  readonly status: number
  // eslint-disable-next-line typescript/no-explicit-any -- bodies of every route
  readonly json: any
}

export interface RunService {
  readonly home: string
  readonly place: LocalPlace
  readonly key: string
  /** Of the proxy that tells the time. */
  readonly toldUrl: string
  ask(method: string, path: string, body?: object): Promise<Reply>
  /** Asks what must be answered. Throws with the answer where it is no success. */
  send(method: string, path: string, body?: object): Promise<Reply['json']>
  /** One turn of the clock. */
  cron(): Promise<void>
  stop(): Promise<void>
}

/** Starts it with an empty database. What it holds goes with it. */
export async function startRunService(clock: RunClock): Promise<RunService> {
  const folder = mkdtempSync(join(tmpdir(), 'presage-loop-'))
  const home = join(folder, 'home')
  const state = join(home, PROJECT, 'sets', 'default', 'state')
  mkdirSync(state, { recursive: true })
  process.env['PRESAGE_HOME'] = home
  const place = { kind: 'local', state } as const
  const { key } = await withStorage(place, {}, (storage) =>
    createKey({ scopes: ['admin'], storage, nowMs: clock.now() }),
  )
  const server = await serve({
    project: PROJECT,
    file: PROJECT_FILE,
    state,
    port: await freePort(),
    variables: { CLOCK: 'request' },
  })
  const proxy = await startClockProxy(server.url, clock)

  async function ask(method: string, path: string, body?: object): Promise<Reply> {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        [CLOCK_HEADER]: String(clock.now()),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, json: text === '' ? undefined : JSON.parse(text) }
  }

  return {
    home,
    place,
    key,
    toldUrl: proxy.url,
    ask,
    async send(method, path, body) {
      const { status, json } = await ask(method, path, body)
      if (status < 400) return json
      throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(json).slice(0, 500)}`)
    },
    async cron() {
      const response = await fetch(`${server.url}/cdn-cgi/local/scheduled?cron=${CRON}&time=${clock.now()}`)
      await response.text()
      if (!response.ok) throw new Error(`The turn of the clock answered ${response.status}`)
    },
    async stop() {
      proxy.close()
      await server.stop()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
