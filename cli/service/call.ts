// What is said to a service by its routes. A service that does not answer is asked again for a while: what is said
// may be said twice.
import type { Service } from './client.ts'
import { fetchAgain, isOk } from './fetch-again.ts'
import { CommandError } from '../terminal/failure.ts'

const PAUSES_MS = [500, 1_000, 2_000, 4_000]
const ANSWER_MS_MAX = 15_000

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
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as they are. */
  readonly bytes?: Uint8Array<ArrayBuffer>
  /** How long an answer may take; 15 s unless told. */
  readonly answerMsMax?: number
}

/** Gives the answer's JSON. Throws Refused, or CommandError where nobody answers. */
export async function call(
  { url, key }: Service,
  { method, path, body, bytes, answerMsMax = ANSWER_MS_MAX }: Call,
): Promise<unknown> {
  const type = bytes === undefined ? 'application/json' : 'application/octet-stream'
  const headers = { authorization: `Bearer ${key}`, 'content-type': type }
  const sent = bytes ?? (body === undefined ? undefined : JSON.stringify(body))
  const init = { method, headers, ...(sent !== undefined && { body: sent }) }
  const answered = await fetchAgain(`${url}${path}`, init, { answerMsMax, pausesMs: PAUSES_MS })
  if (answered === undefined) throw new CommandError(`No service answers at ${url}`)
  const text = answered.body.toString('utf8')
  if (isOk(answered)) return JSON.parse(text)
  if (answered.status < 500) throw refusalOf(text, answered.status)
  throw new CommandError(`${method} ${path} answered ${answered.status} at ${url}`)
}

function refusalOf(text: string, status: number): Refused {
  try {
    const { code, detail } = JSON.parse(text) as { readonly code: string; readonly detail: string }
    return new Refused(code, detail)
  } catch {
    return new Refused(String(status), text.slice(0, 200))
  }
}
