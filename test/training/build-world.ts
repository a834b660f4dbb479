// Worlds of which the truth is known: users who come once a day and buy by chance.
import { undated } from '../../features/attributes.ts'
import type { Event } from '../../features/event.ts'
import { DAY_MS, category, defineProject, occurs, total } from '../../features/project.ts'
import { createRandom } from '../../features/random.ts'
import type { DataSet, UserRecord } from '../../training/data/data-set.ts'
import { START_MS, buildEventData } from './examples/build-log.ts'

export const kiosk = defineProject({
  name: 'kiosk',
  events: { visit: {}, buy: { value: true }, complain: {} },
  user: { plan: category() },
  tasks: {
    buysNextDay: occurs('buy', { withinDays: 1 }),
    complainsNextDay: occurs('complain', { withinDays: 1 }),
    spendNextDay: total('buy', { withinDays: 1 }),
  },
  asked: 'afterEvents',
})

export interface World {
  readonly users: number
  readonly days: number
  readonly seed?: number
  readonly planOf: (user: number) => string
  /** The first day of a user; 0 where absent. */
  readonly firstDay?: (user: number) => number
  /** How likely a user of a plan buys on a day. */
  readonly buys: (plan: string) => number
  /** What a buy is worth; 10 where absent. Below zero is a refund. */
  readonly value?: (plan: string) => number
}

export function buildWorld(world: World): DataSet {
  const { users, days, seed = 1, planOf, firstDay = () => 0, buys, value = () => 10 } = world
  const records = Array.from({ length: users }, (_, user): UserRecord => {
    const userId = `user-${String(user).padStart(4, '0')}`
    const random = createRandom(seed).fork(userId)
    const plan = planOf(user)
    const events: Event[] = []
    const hour = Math.floor(random.next() * 0.5 * DAY_MS)
    for (let day = firstDay(user); day < days; day += 1) {
      const occurredAt = START_MS + day * DAY_MS + hour
      const base = { userId, occurredAt, receivedAt: occurredAt }
      events.push({ ...base, id: `${userId}-${day}`, type: 'visit' })
      if (random.next() >= buys(plan)) continue
      const laterMs = occurredAt + 60_000
      const bought = { type: 'buy', userId, value: value(plan), occurredAt: laterMs, receivedAt: laterMs }
      events.push({ ...bought, id: `${userId}-${day}-buy` })
    }
    return { userId, versions: undated({ plan }), events, questions: [] }
  })
  return buildEventData(records, new Map(), ['user.plan'])
}
