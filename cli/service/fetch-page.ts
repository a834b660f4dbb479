// One page of an export of a running service. What fails for a while is asked for again for some seconds;
// what will not get better is told at once.
import { CommandError } from '../terminal/failure.ts'
import type { Service } from './client.ts'
import { fetchAgain, isOk } from './fetch-again.ts'

export interface Page {
  /** Lines of JSON. */
  readonly body: Buffer
  /** The path of the next page; absent after the last. */
  readonly next?: string
  /** The moment that the page shows, Unix milliseconds. */
  readonly untilMs: number
  /** Rows of before that the page went past, where only later ones were asked for; else 0. */
  readonly held: number
}

const PATIENCE = { answerMsMax: 15_000, pausesMs: [500, 1_000, 2_000] }

/** Throws CommandError where the service does not answer, or not for this project. */
export async function fetchPage(
  service: Service,
  { path, project }: { readonly path: string; readonly project: string },
): Promise<Page> {
  const url = `${service.url}${path}`
  const { origin, pathname } = new URL(url)
  const headers = { authorization: `Bearer ${service.key}`, ...encodingFor(url) }
  const answered = await fetchAgain(url, { headers }, PATIENCE)
  if (answered === undefined) throw new CommandError(`No service answers at ${origin}`)
  if (!isOk(answered)) {
    const detail = detailOf(answered.body.toString('utf8'))
    throw new CommandError(`GET ${pathname} answered ${answered.status}: ${detail}`)
  }
  assertProject(answered.headers, { url: service.url, project })
  const next = /<([^>]+)>; rel="next"/.exec(answered.headers.get('link') ?? '')?.[1]
  const untilMs = Number(answered.headers.get('presage-until'))
  const held = Number(answered.headers.get('presage-held') ?? 0)
  return { body: answered.body, untilMs, held, ...(next !== undefined && { next }) }
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
