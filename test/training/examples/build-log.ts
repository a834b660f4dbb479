// Small made logs for the tests of training.
import type { Attributes, Event } from '../../../features/event.ts'
import {
  DAY_MS,
  absent,
  category,
  defineProject,
  nextEvent,
  number,
  occurs,
  total,
} from '../../../features/project.ts'
import { createRandom } from '../../../features/random.ts'
import type { EventData, UserHistory } from '../../../training/data/data-set.ts'

export const START_MS = 1_700_000_000_000

export const smallShop = defineProject({
  name: 'small-shop',
  events: { view: { item: true }, cart: { item: true }, purchase: { item: true, value: true } },
  user: { plan: category(), age: number() },
  item: { department: category(), price: number() },
  context: { device: category() },
  tasks: {
    buysWithin2Days: occurs('purchase', { withinDays: 2 }),
    leavesWithin2Days: absent({ withinDays: 2 }),
    nextAction: nextEvent(),
    spend2Days: total('purchase', { withinDays: 2 }),
  },
})

export interface LogOptions {
  readonly userCount: number
  readonly days: number
  readonly seed?: number
}

/** Users who on a paid plan buy often, the others seldom; views lead to carts, carts to purchases. */
export function buildLog({ userCount, days, seed = 1 }: LogOptions): EventData {
  const items = new Map<string, Attributes>(
    Array.from({ length: 12 }, (_, index) => [
      `item-${index}`,
      { department: index % 2 === 0 ? 'feet' : 'head', price: 5 + index },
    ]),
  )
  const users = Array.from({ length: userCount }, (_, index): UserHistory => {
    const userId = `user-${String(index).padStart(5, '0')}`
    const random = createRandom(seed).fork(userId)
    const paid = random.next() < 0.5
    return {
      userId,
      attributes: { plan: paid ? 'paid' : 'free', age: 20 + random.integer(50) },
      events: eventsOf(),
    }

    function eventsOf(): Event[] {
      const events: Event[] = []
      let atMs = START_MS + random.next() * DAY_MS
      let type = 'view'
      while (atMs < START_MS + days * DAY_MS) {
        const occurredAt = Math.floor(atMs)
        events.push({
          id: `${userId}-${String(events.length).padStart(4, '0')}`,
          type,
          userId,
          itemId: `item-${random.integer(12)}`,
          ...(type === 'purchase' ? { value: 10 + random.integer(20) } : {}),
          properties: { device: random.next() < 0.5 ? 'phone' : 'desk' },
          occurredAt,
          receivedAt: occurredAt,
        })
        const next = { view: [0.6, 0.3, 0.1], cart: [0.3, 0.1, paid ? 0.6 : 0.1], purchase: [1, 0, 0] }[type]
        type = ['view', 'cart', 'purchase'][random.pick(next ?? [1])] ?? 'view'
        atMs += random.exponential(1) * DAY_MS * (paid ? 0.5 : 1)
      }
      return events
    }
  })
  return buildEventData(users, items)
}

/** A data set over histories in memory. */
export function buildEventData(
  users: readonly UserHistory[],
  items: ReadonlyMap<string, Attributes> = new Map(),
): EventData {
  const times = users.flatMap((user) => user.events.map((event) => event.occurredAt))
  return {
    kind: 'events',
    eventCount: times.length,
    userCount: users.length,
    startMs: times.reduce((a, b) => Math.min(a, b)),
    endMs: times.reduce((a, b) => Math.max(a, b)),
    items,
    skippedCount: 0,
    users: async function* () {
      yield* users
    },
    profiles: async function* () {
      yield* users
    },
    close: () => {},
  }
}
