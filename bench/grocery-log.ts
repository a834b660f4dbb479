// A log of baskets and nothing else: people come at rates of their own and buy by the basket, of sizes of
// their own. How often somebody comes is not told, so it must be learned from the history; how much they
// buy tells nothing of it. With rates from a gamma distribution the truth is a formula (NBD; Ehrenberg,
// "The Pattern of Consumer Purchases", 1959).
import type { Event } from '../features/event.ts'
import { DAY_MS, count, defineProject, occurs } from '../features/project.ts'
import { createRandom } from '../features/random.ts'
import type { Random } from '../features/random.ts'
import type { DataSet, UserRecord } from '../training/data/data-set.ts'
import { END_MS, dataSetOf } from './simulated-log.ts'

const DAYS = 240
const ITEMS = 400
/** Visits a day: SHAPE exponentials added up, each with this mean. */
const SHAPE = 2
const MEAN_PART = 1 / 24
/** Lines a basket: of people lognormal, of one person's baskets exponential around that. */
const LINES = { median: 6, spread: 0.8 }

export const grocery = defineProject({
  name: 'grocery',
  events: { purchase: { item: true } },
  tasks: {
    comesWithin7Days: occurs('purchase', { withinDays: 7 }),
    visits28Days: count('purchase', { withinDays: 28 }),
  },
})

/** As training reads it. */
export function groceryLog(seed: number, userCount: number): DataSet {
  const random = createRandom(seed).fork('grocery')
  const users = Array.from({ length: userCount }, (_, index): UserRecord => {
    const userId = `user-${index}`
    return { userId, versions: [], questions: [], events: live(userId, random.fork(userId)) }
  })
  return dataSetOf(users, new Map())
}

/** From a first visit, at any time, to the end of the log. */
function live(userId: string, random: Random): Event[] {
  const perDay = Array.from({ length: SHAPE }, () => random.exponential(1 / MEAN_PART)).reduce(
    (a, b) => a + b,
  )
  const lines = LINES.median * Math.exp(LINES.spread * random.normal())
  const events: Event[] = []
  let atMs = END_MS - Math.floor(random.next() * DAYS * DAY_MS)
  while (atMs <= END_MS) {
    const ofBasket = 1 + Math.floor(random.exponential(1 / lines))
    for (let place = 0; place < ofBasket; place += 1) {
      events.push({
        id: `${userId}-${atMs}-${place}`,
        type: 'purchase',
        userId,
        itemId: `item-${random.integer(ITEMS)}`,
        occurredAt: atMs,
        receivedAt: atMs,
        place,
      })
    }
    atMs += 1 + Math.floor(random.exponential(perDay / DAY_MS))
  }
  return events
}

/** What somebody is known by: visits after the first, and the time they are known for. */
interface Known {
  readonly visits: number
  readonly days: number
}

/** What is known at a moment, of all the history or of so many of its latest lines. */
export function knownOf(
  events: readonly Event[],
  { atMs, linesMax }: { readonly atMs: number; readonly linesMax: number },
): Known {
  const seen = events.filter(({ occurredAt }) => occurredAt <= atMs).slice(-linesMax)
  const visits = new Set(seen.map(({ occurredAt }) => occurredAt)).size - 1
  return { visits, days: (atMs - (seen[0]?.occurredAt ?? atMs)) / DAY_MS }
}

/** The probability that somebody comes within a week, by whoever knows the law. */
export function trueComing({ visits, days }: Known): number {
  const rate = 1 / MEAN_PART + days
  return 1 - (rate / (rate + 7)) ** (SHAPE + visits)
}
