// The bundle that answers, kept in the isolate's memory. Requests that come while it loads share the
// load; another bundle's id replaces it.
import type { Result } from '../../features/result.ts'
import { withTimeout } from '../with-timeout.ts'
import { loadBundle } from './bundle.ts'
import type { BundleFault, BundleSource, LoadedBundle } from './bundle.ts'

/** R2 did not give the bundle's files, or not in time. */
export class BundleError extends Error {
  override readonly name = 'BundleError'
}

export interface LoadRequest extends BundleSource {
  readonly nowMs: number
  /** Keeps the load going when the request that started it ends: others may wait for it. */
  readonly keepAlive: (work: Promise<unknown>) => void
}

export interface BundleCache {
  /** The bundle that answered last; absent until one has been loaded. */
  current(): LoadedBundle | undefined
  /** The bundle with this id, from memory or from R2. Throws BundleError when R2 does not answer. */
  load(request: LoadRequest): Promise<Result<LoadedBundle, BundleFault>>
}

const LOAD_TIMEOUT_MS = 10_000
/** How long a bundle that could not be used is taken as such. */
const RETRY_AFTER_MS = 10_000

interface Entry {
  readonly id: string
  readonly startedAtMs: number
  readonly loading: Promise<Result<LoadedBundle, BundleFault>>
  loaded: Result<LoadedBundle, BundleFault> | undefined
  hasFailed: boolean
}

export function createBundleCache(): BundleCache {
  let entry: Entry | undefined
  let replaced: LoadedBundle | undefined
  let current: LoadedBundle | undefined

  function start(request: LoadRequest): Entry {
    const loading = loadBundle(request)
    const started: Entry = {
      id: request.id,
      startedAtMs: request.nowMs,
      loading,
      loaded: undefined,
      hasFailed: false,
    }
    const settled = loading.then(
      (result) => {
        started.loaded = result
        if (result.ok && entry === started) replace(result.value)
      },
      () => {
        started.hasFailed = true
      },
    )
    request.keepAlive(settled)
    return started
  }

  /** Requests under way may still run the bundle before: it is freed one replacement later. */
  function replace(next: LoadedBundle): void {
    const freed = replaced?.session
    replaced = current
    current = next
    void freed?.release().catch((error: unknown) => console.error('A model could not be freed', error))
  }

  return {
    current: () => current,
    async load(request) {
      if (entry === undefined || entry.id !== request.id || isStale(entry, request.nowMs)) {
        entry = start(request)
      }
      if (entry.loaded !== undefined) return entry.loaded
      return waitFor(entry.loading)
    },
  }
}

/** A load that failed is tried again at once; one that hangs or gave no usable model, after a while. */
function isStale(entry: Entry, nowMs: number): boolean {
  if (entry.hasFailed) return true
  const isUsable = entry.loaded?.ok === true && entry.loaded.value.session !== undefined
  return !isUsable && nowMs - entry.startedAtMs > RETRY_AFTER_MS
}

async function waitFor<Value>(loading: Promise<Value>): Promise<Value> {
  try {
    return await withTimeout(loading, {
      timeoutMs: LOAD_TIMEOUT_MS,
      error: () => new Error(`No answer within ${LOAD_TIMEOUT_MS} ms`),
    })
  } catch (cause) {
    throw new BundleError('The bundle could not be read', { cause })
  }
}
