// Whether a service answers, and keeps what it hears. Wrangler stays when the process that listens for it dies, and
// then every request hangs: only asking tells.
import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const START_MS_MAX = 60_000
const START_POLL_MS = 50
const POLL_MS = 2_000
/** A Worker that is built anew answers later than this only seldom, and never three times in a row. */
const ANSWER_MS_MAX = 5_000
const MISSES_MAX = 3

/** Thrown where a service does not begin to answer. */
export class NotLive extends Error {
  override readonly name = 'NotLive'
}

/** Resolves once it answers. Throws NotLive where it does not in a minute. */
export async function untilLive(url: string): Promise<void> {
  const startMs = performance.now()
  while (performance.now() - startMs < START_MS_MAX) {
    if (await answers(url)) return
    await sleep(START_POLL_MS)
  }
  throw new NotLive(`The service at ${url} did not come up in ${START_MS_MAX / 1000} s`)
}

/** Resolves once it has not answered several times in a row; never after the signal. */
export async function untilSilent(url: string, over: AbortSignal): Promise<void> {
  let misses = 0
  while (misses < MISSES_MAX) {
    await sleep(POLL_MS, undefined, { ref: false })
    misses = (await answers(url)) ? 0 : misses + 1
    if (over.aborted) await new Promise(() => undefined)
  }
}

/**
 * Resolves once a folder is gone, or another stands in its place; never after the signal. A service whose folder is
 * deleted answers on from files that nobody can open again, and what it hears is lost.
 */
export async function untilGone(folder: string, over: AbortSignal): Promise<void> {
  const itself = identityOf(folder)
  while (identityOf(folder) === itself) {
    await sleep(POLL_MS, undefined, { ref: false })
    if (over.aborted) await new Promise(() => undefined)
  }
}

/** Inodes are given away again at once. */
function identityOf(folder: string): string {
  const stat = statSync(folder, { throwIfNoEntry: false, bigint: true })
  return `${stat?.ino} ${stat?.birthtimeNs}`
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/livez`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) }).then(
    (response) => response.ok,
    () => false,
  )
}
