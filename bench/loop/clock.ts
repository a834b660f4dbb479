// The time of a run: it is set from moment to moment and goes on by itself in between, so that leases run out.
// A proxy says it to the service for whoever knows nothing of it, as trainers do.
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CLOCK_HEADER } from '../../functions/clock.ts'

export interface RunClock {
  /** Unix milliseconds. */
  now(): number
  /** Never back. */
  set(ms: number): void
}

export function createRunClock(startMs: number): RunClock {
  let [fromMs, sinceMs] = [startMs, performance.now()]
  const now = (): number => Math.floor(fromMs + performance.now() - sinceMs)
  return {
    now,
    set(ms) {
      fromMs = Math.max(ms, now())
      sinceMs = performance.now()
    },
  }
}

export interface ClockProxy {
  readonly url: string
  close(): void
}

/** Hands everything on to the service at `target`, with the time. */
export async function startClockProxy(target: string, clock: RunClock): Promise<ClockProxy> {
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, [CLOCK_HEADER]: String(clock.now()) }
    const handed = request(`${target}${incoming.url}`, { method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    handed.on('error', () => outgoing.destroy())
    incoming.pipe(handed)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
