// One page of an export of a running service. What fails for a while is asked for again for some seconds;
// what will not get better is told at once.
import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError } from '../terminal/failure.ts'
import type { Service } from './client.ts'

export interface Page {
  /** Lines of JSON. */
  readonly body: Buffer
  /** The path of the next page; absent after the last. */
  readonly next?: string
  /** The moment that the page shows, Unix milliseconds. */
  readonly untilMs: number
}

const ANSWER_MS_MAX = 15_000
const PAUSES_MS = [500, 1_000, 2_000] as const

/** Throws CommandError where the service does not answer, or not for this project. */
export async function fetchPage(
  service: Service,
  { path, project }: { readonly path: string; readonly project: string },
): Promise<Page> {
  const url = `${service.url}${path}`
  const headers = { authorization: `Bearer ${service.key}`, ...encodingFor(url) }
  for (let attempt = 0; ; attempt += 1) {
    const pauseMs = PAUSES_MS[attempt]
    const answer = await ask(url, headers)
    if (answer.kind === 'page') {
      assertProject(answer.headers, { url: service.url, project })
      const next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
      const untilMs = Number(answer.headers.get('presage-until'))
      return { body: answer.body, untilMs, ...(next !== undefined && { next }) }
    }
    if (answer.kind === 'refused' || pauseMs === undefined) throw new CommandError(answer.words)
    await sleep(pauseMs)
  }
}

type Answer =
  | { readonly kind: 'page'; readonly body: Buffer; readonly headers: Headers }
  | { readonly kind: 'refused' | 'failed'; readonly words: string }

async function ask(url: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const { origin, pathname } = new URL(url)
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_MS_MAX) })
    if (response.ok) {
      return { kind: 'page', body: Buffer.from(await response.arrayBuffer()), headers: response.headers }
    }
    const words = `GET ${pathname} answered ${response.status}: ${detailOf(await response.text())}`
    return { kind: response.status >= 500 ? 'failed' : 'refused', words }
  } catch {
    return { kind: 'failed', words: `No service answers at ${origin}` }
  }
}

function detailOf(text: string): string {
  try {
    return (JSON.parse(text) as { readonly detail?: string }).detail ?? text
  } catch {
    return text.slice(0, 200)
  }
}

function assertProject(
  headers: Headers,
  { url, project }: { readonly url: string; readonly project: string },
): void {
  const served = headers.get('presage-project')
  if (served === project) return
  throw new CommandError(
    served === null
      ? `What answers at ${url} is no service of Presage`
      : `${url} serves project '${served}', not '${project}'`,
  )
}

/** On one machine packing costs more than it saves. */
function encodingFor(url: string): { readonly 'accept-encoding': string } {
  const isNear = ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)
  return { 'accept-encoding': isNear ? 'identity' : 'gzip' }
}
