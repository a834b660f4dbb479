// A value that is read now and then and remembered in between, so that requests need not wait for it.

import type { Clock } from './clock.ts'

export interface RememberedOptions {
  /** From this age on it is read again, after the answer of the request that asked for it. */
  readonly refreshAfterMs: number
  /** From this age on a request waits for it to be read again. */
  readonly staleAfterMs: number
  /** Up to this age it stands in where it cannot be read. */
  readonly standsInMs: number
  /** Whether a failed read says nothing about the value, so that the old one may stand in. */
  readonly isUnavailable: (error: unknown) => boolean
}

export interface ReadOptions<Value> {
  readonly read: () => Promise<Value>
  /** Lets work go on when the request has been answered. */
  readonly keepAlive: (work: Promise<unknown>) => void
  readonly clock: Clock
}

export interface Remembered<Value> {
  /** The value, at most `staleAfterMs` old unless it cannot be read. Rejects as the read does. */
  get(options: ReadOptions<Value>): Promise<Value>
}

/** So long after a read that failed the old value stands in without another being tried. */
const PAUSE_MS = 2_000

export function createRemembered<Value>(options: RememberedOptions): Remembered<Value> {
  let known: { readonly value: Value; readonly readAtMs: number } | undefined
  let refreshedAtMs = 0
  let failedAtMs = 0

  async function refresh({ read, clock }: Pick<ReadOptions<Value>, 'read' | 'clock'>): Promise<Value> {
    try {
      const value = await read()
      known = { value, readAtMs: clock() }
      return value
    } catch (error) {
      if (options.isUnavailable(error)) failedAtMs = clock()
      throw error
    }
  }

  return {
    async get({ read, keepAlive, clock }) {
      if (known === undefined) return refresh({ read, clock })
      const { value, readAtMs } = known
      const nowMs = clock()
      const ageMs = nowMs - readAtMs
      if (ageMs < options.staleAfterMs) {
        if (ageMs >= options.refreshAfterMs && nowMs - refreshedAtMs >= options.refreshAfterMs) {
          refreshedAtMs = nowMs
          keepAlive(refresh({ read, clock }).catch(() => undefined))
        }
        return value
      }
      const mayStandIn = ageMs < options.standsInMs
      if (mayStandIn && nowMs - failedAtMs < PAUSE_MS) return value
      try {
        return await refresh({ read, clock })
      } catch (error) {
        if (mayStandIn && options.isUnavailable(error)) return value
        throw error
      }
    },
  }
}
