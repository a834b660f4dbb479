// What is costly to load, kept by key: loads are shared, the memory is bounded in bytes, and nothing is
// freed while it is in use. A load that fails is forgotten, so that the next request tries again.
import type { Clock } from '../clock.ts'
import { withTimeout } from '../with-timeout.ts'

export interface CacheOptions<Value> {
  /** Unused values beyond this go, the one used longest ago first. */
  readonly bytesMax: number
  readonly loadTimeoutMs: number
  readonly bytesOf: (value: Value) => number
  readonly free: (value: Value) => void
  /** Whether a value of this age must be loaded again. */
  readonly isStale: (value: Value, ageMs: number) => boolean
}

/** The right to use a value until it is given back. */
export interface Lease<Value> {
  readonly value: Value
  /** Gives it back; a second time does nothing. */
  release(): void
  /** Another lease of the same value, while this one lasts. */
  share(): Lease<Value>
}

export interface LoadOptions<Value> {
  readonly load: () => Promise<Value>
  /** Keeps the load going when the request that started it ends: others may wait for it. */
  readonly keepAlive: (work: Promise<unknown>) => void
  readonly clock: Clock
}

export interface CountedCache<Value> {
  /** The value of a key, from memory or loaded. Rejects as the load does, or when it takes too long. */
  acquire(key: string, options: LoadOptions<Value>): Promise<Lease<Value>>
}

interface Entry<Value> {
  readonly loading: Promise<Value>
  loaded: { readonly value: Value; readonly atMs: number } | undefined
  useCount: number
  usedAt: number
}

export function createCountedCache<Value>(options: CacheOptions<Value>): CountedCache<Value> {
  const entries = new Map<string, Entry<Value>>()
  let turn = 0

  function start(key: string, { load, keepAlive, clock }: LoadOptions<Value>): Entry<Value> {
    const loading = load()
    const entry: Entry<Value> = { loading, loaded: undefined, useCount: 0, usedAt: 0 }
    entries.set(key, entry)
    keepAlive(
      loading.then(
        (value) => {
          entry.loaded = { value, atMs: clock() }
          freeUnused()
          if (entries.get(key) !== entry) freeForgotten(entry)
        },
        () => forget(key, entry),
      ),
    )
    return entry
  }

  function forget(key: string, entry: Entry<Value>): void {
    if (entries.get(key) === entry) entries.delete(key)
    freeForgotten(entry)
  }

  /** Of an entry that is out of the map: at once, or when its last user gives it back. */
  function freeForgotten({ loaded, useCount }: Entry<Value>): void {
    if (loaded !== undefined && useCount === 0) options.free(loaded.value)
  }

  function freeUnused(): void {
    const held = [...entries].flatMap(([key, entry]) => (entry.loaded === undefined ? [] : [{ key, entry }]))
    let bytes = held.reduce((sum, { entry }) => sum + bytesOf(entry), 0)
    for (const { key, entry } of held.toSorted((a, b) => a.entry.usedAt - b.entry.usedAt)) {
      if (bytes <= options.bytesMax) return
      if (entry.useCount > 0) continue
      bytes -= bytesOf(entry)
      forget(key, entry)
    }
  }

  function bytesOf({ loaded }: Entry<Value>): number {
    return loaded === undefined ? 0 : options.bytesOf(loaded.value)
  }

  function current(key: string, clock: Clock): Entry<Value> | undefined {
    const entry = entries.get(key)
    if (entry?.loaded === undefined) return entry
    const { value, atMs } = entry.loaded
    if (!options.isStale(value, clock() - atMs)) return entry
    forget(key, entry)
    return undefined
  }

  /** One more user of an entry; what it calls when it is done. */
  function use(key: string, entry: Entry<Value>): () => void {
    let isInUse = true
    entry.useCount += 1
    entry.usedAt = turn += 1
    return () => {
      if (!isInUse) return
      isInUse = false
      entry.useCount -= 1
      if (entries.get(key) === entry) freeUnused()
      else freeForgotten(entry)
    }
  }

  return {
    async acquire(key, load) {
      const entry = current(key, load.clock) ?? start(key, load)
      const release = use(key, entry)
      const { loadTimeoutMs: timeoutMs } = options
      try {
        const error = (): Error => new Error(`No answer within ${timeoutMs} ms`)
        // No timer where there is nothing to wait for, which is on nearly every request.
        const value = entry.loaded?.value ?? (await withTimeout(entry.loading, { timeoutMs, error }))
        const lease = (end: () => void): Lease<Value> => ({
          value,
          release: end,
          share: () => lease(use(key, entry)),
        })
        return lease(release)
      } catch (error) {
        // One that hangs must not be waited for again; should it come, it is freed.
        if (entries.get(key) === entry) entries.delete(key)
        release()
        throw error
      }
    },
  }
}
