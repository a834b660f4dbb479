// Clients of a bank: segment, region, age and income; cards, loans, savings and funds. Who looks at a
// product twice may take it up, the likelier the lower its fee; trouble with support keeps them away.
import { finance } from '../projects/finance.ts'
import { defineSimulator, drawOne } from './domain.ts'

const titleWords = {
  card: ['travel', 'cashback', 'classic'],
  loan: ['home', 'car', 'study'],
  savings: ['instant', 'fixed', 'junior'],
  fund: ['index', 'green', 'income'],
} as const
type Kind = keyof typeof titleWords

/** How much more a segment likes a kind of product than its popularity says. */
const liking: Readonly<Record<string, Partial<Record<Kind, number>>>> = {
  student: { card: 2.5 },
  family: { loan: 2, savings: 2 },
  wealthy: { fund: 4 },
}

export const financeSimulator = defineSimulator({
  project: finance,
  defaults: { userCount: 4_000, days: 200, world: { idsByArrival: true, newcomersAllAlong: true } },
  itemCount: 60,
  wanted: 'takeUp',
  visitGapMinutes: 2,
  sameItem: ['takeUp'],

  drawUser: (random) => {
    const segment = drawOne({ student: 30, family: 50, wealthy: 20 }, random)
    const typical = { student: 14, family: 42, wealthy: 95 }[segment]
    const income = typical * Math.exp(0.35 * random.normal())
    return {
      segment,
      region: drawOne({ north: 40, south: 35, islands: 25 }, random),
      age: Math.round(segment === 'student' ? 18 + 9 * random.next() : 28 + 45 * random.next()),
      // In thousands a year; not everybody tells.
      income: random.next() < 0.2 ? null : Math.round(income),
    }
  },
  drawItem: (random) => {
    const kind = drawOne({ card: 30, loan: 20, savings: 25, fund: 25 }, random)
    const words = titleWords[kind]
    return {
      kind,
      fee: Math.round(100 * random.exponential(1 / 1.5)) / 100,
      title: `${words[random.integer(words.length)] ?? ''} ${kind}`,
    }
  },
  drawContext: (user, random) => ({
    device: drawOne(Number(user['age']) < 40 ? { app: 8, web: 2 } : { app: 4, web: 6 }, random),
  }),
  taste: (user) => String(user['segment']),
  appeal: (taste, item) => liking[taste]?.[item['kind'] as Kind] ?? 1,
  drawValue: (_type, { random }) => Math.round(150 * Math.exp(0.6 * random.normal())),

  behaviour: (user) => {
    const wealthy = user['segment'] === 'wealthy' ? 1 : 0
    const student = user['segment'] === 'student' ? 1 : 0
    const islands = user['region'] === 'islands' ? 1 : 0
    const income = Math.log(Number(user['income'] ?? 40) / 40)
    return {
      stay: (now) => (now.last === 'takeUp' || now.last === 'deposit' ? -0.8 : 0.7) + 0.2 * wealthy,
      awayDays: (now) =>
        60 *
        Math.exp(
          0.3 * islands -
            0.8 * wealthy -
            0.4 * now.month.login -
            0.3 * now.month.deposit +
            0.9 * now.month.support,
        ),
      inVisit: (now) => {
        const fee = Number(now.item['fee'] ?? 1.5) - 1.5
        const looked = now.last === 'look' ? 1 : 0
        const again = looked * (now.beforeLast === 'look' ? 1 : 0)
        return {
          login: -3,
          look: 1 + 0.5 * looked + 0.4 * wealthy,
          takeUp:
            looked * (2.6 + 0.9 * again - 0.5 * fee * (1 - 0.6 * wealthy)) - 3.2 - 0.6 * now.month.takeUp,
          deposit: 0.4 * income + (now.last === 'takeUp' ? 1.5 : 0) + 0.3 * now.month.deposit - 0.5 * student,
          support: -0.8 + 0.5 * islands + 0.5 * again,
        }
      },
      newVisit: (now) => ({
        login: 2.5,
        look: -0.5,
        takeUp: -4,
        deposit: -0.5 + 0.5 * now.month.deposit,
        support: -1.8 + 0.8 * now.month.support,
      }),
    }
  },
})
