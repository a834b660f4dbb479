// A request that may fail in any way, and is told in words.
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'

const ANSWER_MS_MAX = 10_000

export interface Post {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON. */
  readonly text: string
}

/** Gives whom it told; else the status or why there is none. What was sent is in no message. */
export async function post({ url, headers, text: body }: Post): Promise<Result<string, string>> {
  const host = URL.parse(url)?.host
  if (host === undefined) return fail('the URL to tell is none')
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'presage', ...headers },
      body,
      // Following would turn it into a GET without its body, and take the answer of that for having told.
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    })
    const text = await response.text()
    return response.ok
      ? succeed(`told ${host}`)
      : fail(`${host} answered ${response.status}: ${text.slice(0, 200)}`)
  } catch {
    return fail(`${host} did not answer within ${ANSWER_MS_MAX / 1000} s`)
  }
}
