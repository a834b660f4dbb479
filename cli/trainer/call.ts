// What a trainer says to its service. A service that does not answer is asked again for a while: what is said
// may be said twice.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Service } from '../service/client.ts'
import { CommandError } from '../terminal/failure.ts'

const ANSWER_MS_MAX = 15_000
const PAUSES_MS = [500, 1_000, 2_000, 4_000] as const

/** The service refused, for a reason that asking again does not change. */
export class Refused extends CommandError {
  /** Stable, as the service documents it. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export interface Call {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: unknown
}

/** Gives the answer's JSON. Throws Refused, or CommandError where nobody answers. */
export async function call({ url, key }: Service, { method, path, body }: Call): Promise<unknown> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  for (let attempt = 0; ; attempt += 1) {
    const pauseMs = PAUSES_MS[attempt]
    const response = await fetch(`${url}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    }).catch(() => undefined)
    const text = await response?.text().catch(() => undefined)
    if (response?.ok === true && text !== undefined) return JSON.parse(text)
    if (response !== undefined && response.status < 500 && text !== undefined)
      throw refusalOf(text, response.status)
    if (pauseMs === undefined) {
      const words =
        response === undefined ? 'No service answers' : `${method} ${path} answered ${response.status}`
      throw new CommandError(`${words} at ${url}`)
    }
    await sleep(pauseMs)
  }
}

function refusalOf(text: string, status: number): Refused {
  try {
    const { code, detail } = JSON.parse(text) as { readonly code: string; readonly detail: string }
    return new Refused(code, detail)
  } catch {
    return new Refused(String(status), text.slice(0, 200))
  }
}
