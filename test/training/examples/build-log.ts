// Small made logs for the tests of training.
import { undated } from '../../../features/attributes.ts'
import type { Versions } from '../../../features/attributes.ts'
import type { Event } from '../../../features/event.ts'
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
import type { DataSet, UserRecord } from '../../../training/data/data-set.ts'
import { NO_FILES } from '../../../training/data/report/report.ts'

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
export function buildLog({ userCount, days, seed = 1 }: LogOptions): DataSet {
  const items = new Map<string, Versions>(
    Array.from({ length: 12 }, (_, index) => [
      `item-${index}`,
      undated({ department: index % 2 === 0 ? 'feet' : 'head', price: 5 + index }),
    ]),
  )
  const users = Array.from({ length: userCount }, (_, index): UserRecord => {
    const userId = `user-${String(index).padStart(5, '0')}`
    const random = createRandom(seed).fork(userId)
    const paid = random.next() < 0.5
    return {
      userId,
      versions: undated({ plan: paid ? 'paid' : 'free', age: 20 + random.integer(50) }),
      events: eventsOf(),
      questions: [],
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
  return buildEventData(users, items, ['user.plan', 'user.age', 'item.department', 'item.price'])
}

/** A data set over users in memory. */
export function buildEventData(
  users: readonly UserRecord[],
  items: ReadonlyMap<string, Versions> = new Map(),
  undatedNames: readonly string[] = [],
): DataSet {
  const eventTimes = users.flatMap(({ events }) => events.map((event) => event.occurredAt))
  const questions = users.flatMap((user) => user.questions)
  const times = [...eventTimes, ...questions.flatMap(({ atMs }) => (atMs === null ? [] : [atMs]))]
  return {
    eventCount: eventTimes.length,
    userCount: users.length,
    questionCount: questions.length,
    report: NO_FILES,
    span:
      times.length === 0
        ? undefined
        : {
            startMs: times.reduce((a, b) => Math.min(a, b)),
            endMs: times.reduce((a, b) => Math.max(a, b)),
          },
    items,
    undated: undatedNames,
    notes: [],
    users: async function* () {
      yield* users
    },
    close: () => {},
  }
}
