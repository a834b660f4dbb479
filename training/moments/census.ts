// What planning remembers of the data: when each user could be seen anew, and when rows ask. Beyond a limit
// it goes on with every second user, then every fourth, so that memory stays bounded; all users weigh alike.
import type { UserRecord } from '../data/data-set.ts'
import { heardTimes } from './history-window.ts'

/** Times that are kept at most, about; 32 MB. */
const TIMES_MAX = 4_000_000

export interface CensusUser {
  readonly userId: string
  /** The moments at which something new was heard, rising and distinct; one at least. */
  readonly times: Float64Array
}

export interface CensusRow {
  readonly userId: string
  readonly place: number
  readonly atMs: number | null
}

export interface Census {
  readonly users: readonly CensusUser[]
  /** For how many users each one stands. */
  readonly stride: number
  readonly rows: readonly CensusRow[]
}

export interface CensusTaker {
  see(user: Pick<UserRecord, 'userId' | 'events' | 'questions'>): void
  finish(): Census
}

export function createCensusTaker(timesMax: number = TIMES_MAX): CensusTaker {
  let users: CensusUser[] = []
  let stride = 1
  let seen = 0
  let kept = 0
  const rows: CensusRow[] = []

  function thin(): void {
    users = users.filter((_, place) => place % 2 === 0)
    kept = users.reduce((sum, { times }) => sum + times.length, 0)
    stride *= 2
  }

  return {
    see({ userId, events, questions }) {
      for (const { place, atMs } of questions) rows.push({ userId, place, atMs })
      if (events.length === 0) return
      if (seen % stride === 0) {
        const times = heardTimes(events)
        users.push({ userId, times })
        kept += times.length
      }
      seen += 1
      while (kept > timesMax && users.length > 1) thin()
    },
    finish: () => ({ users, stride, rows }),
  }
}

/** The times at which something was heard or rows ask, rising. */
export function timesOf(
  { users, rows }: Census,
  of: { readonly events: boolean; readonly rows: boolean },
): Float64Array {
  const heard = of.events ? users.map(({ times }) => times) : []
  const asked = of.rows ? rows.flatMap(({ atMs }) => atMs ?? []) : []
  const all = new Float64Array(heard.reduce((sum, { length }) => sum + length, asked.length))
  let place = 0
  for (const times of [...heard, asked]) {
    all.set(times, place)
    place += times.length
  }
  return all.toSorted()
}

/** How many of the rising times lie at or before a moment. */
export function countUntil(rising: ArrayLike<number>, ms: number): number {
  let [low, high] = [0, rising.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rising[middle] ?? Infinity) <= ms) low = middle + 1
    else high = middle
  }
  return low
}
