// A request that is made again for a while where nobody answers, or where what answers fails.
import { setTimeout as sleep } from 'node:timers/promises'

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
}

export interface Patience {
  readonly answerMsMax: number
  /** Between two tries; so many more than one there are. */
  readonly pausesMs: readonly number[]
}

/** The last answer, which may still be a failure; undefined where nobody answers whole. */
export async function fetchAgain(
  url: string,
  init: RequestInit,
  { answerMsMax, pausesMs }: Patience,
): Promise<Answered | undefined> {
  for (let attempt = 0; ; attempt += 1) {
    const pauseMs = pausesMs[attempt]
    const answered = await fetchWhole(url, { ...init, signal: AbortSignal.timeout(answerMsMax) })
    if ((answered !== undefined && answered.status < 500) || pauseMs === undefined) return answered
    await sleep(pauseMs)
  }
}

async function fetchWhole(url: string, init: RequestInit): Promise<Answered | undefined> {
  try {
    const response = await fetch(url, init)
    const { status, headers } = response
    return { status, headers, body: Buffer.from(await response.arrayBuffer()) }
  } catch {
    return undefined
  }
}

export function isOk({ status }: Answered): boolean {
  return status >= 200 && status < 300
}
