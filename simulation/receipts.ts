// How events reach the log: without these, at the moment they happen. Each gets the events of one user in
// the order they happened, and a stream of its own.
import type { Event } from '../features/event.ts'
import type { Random } from '../features/random.ts'
import type { World } from './world.ts'

export type Receipt = (events: readonly Event[], random: Random) => Event[]

/** By the switch of the world that turns each on; in the order in which they are applied. */
export const receipts: Readonly<Record<'clocksAhead' | 'lateArrival', Receipt>> = {
  clocksAhead,
  lateArrival,
}

/** The receipts that are switched on, as one. */
export function receiptOf(world: World): Receipt {
  const names = (Object.keys(receipts) as (keyof typeof receipts)[]).filter((name) => world[name])
  return (events, random) =>
    names.reduce<Event[]>((received, name) => receipts[name](received, random.fork(name)), [...events])
}

const AHEAD_SHARE = 0.05
const AHEAD_MAX_MS = 5 * 60_000

/** Some events claim to have happened up to some minutes after they were received. */
function clocksAhead(events: readonly Event[], random: Random): Event[] {
  return events.map((event) => {
    const isAhead = random.next() < AHEAD_SHARE
    const aheadMs = isAhead ? 1 + random.integer(AHEAD_MAX_MS) : 0
    return { ...event, occurredAt: event.occurredAt + aheadMs }
  })
}

const OFFLINE_SHARE = 0.1
/** Events further apart are of two visits. */
const VISIT_GAP_MS = 30 * 60_000
const DELAY_MS = { min: 3_600_000, mean: 24 * 3_600_000 }

/** Some visits happen without a connection and are received an hour or days after their last event. */
function lateArrival(events: readonly Event[], random: Random): Event[] {
  const received: Event[] = []
  let visit: Event[] = []
  const close = (): void => {
    const delayMs = DELAY_MS.min + Math.round(random.exponential(1 / DELAY_MS.mean))
    const isOffline = random.next() < OFFLINE_SHARE
    const togetherAt = (visit.at(-1)?.receivedAt ?? 0) + delayMs
    received.push(...visit.map((event) => (isOffline ? { ...event, receivedAt: togetherAt } : event)))
    visit = []
  }
  for (const event of events) {
    if (event.receivedAt - (visit.at(-1)?.receivedAt ?? event.receivedAt) > VISIT_GAP_MS) close()
    visit.push(event)
  }
  close()
  return received
}
