// Shoppers: plan, country and age; a catalogue of four departments. Expensive things are bought less
// often, the more so on the free plan; who was active lately comes back sooner; phones browse.
import { shop } from '../projects/shop.ts'
import { defineSimulator, drawOne } from './domain.ts'

const titleWords = {
  books: ['novel', 'atlas', 'cookbook', 'poems'],
  clothing: ['shirt', 'coat', 'scarf', 'boots'],
  electronics: ['phone', 'camera', 'speaker', 'keyboard'],
  garden: ['spade', 'lantern', 'seeds', 'bench'],
} as const
type Department = keyof typeof titleWords
const typicalPrice: Readonly<Record<Department, number>> = {
  books: 15,
  clothing: 45,
  electronics: 160,
  garden: 30,
}
/** How much more each country likes a department than its popularity says. */
const liking: Readonly<Record<string, Partial<Record<Department, number>>>> = {
  DE: { books: 2, garden: 1.5 },
  FR: { clothing: 2.5 },
  GB: { garden: 2.5 },
  US: { electronics: 2.5 },
}

export const shopSimulator = defineSimulator({
  project: shop,
  defaults: {
    userCount: 5_000,
    days: 240,
    world: {
      followingAttribute: true,
      driftingAttribute: true,
      idsByArrival: true,
      newcomersAllAlong: true,
    },
  },
  itemCount: 300,
  wanted: 'purchase',
  // Whoever has bought in the four weeks up to their latest event turns premium, within days on average.
  following: {
    attribute: 'plan',
    perDay: (user, now) => (user['plan'] !== 'premium' && now.month.purchase > 0 ? 1 / 2 : 0),
    becomes: { premium: 1 },
  },
  // Plans are given up and taken up for reasons of people's own.
  drifting: {
    attribute: 'plan',
    perDay: () => 1 / 60,
    becomes: { free: 65, plus: 30, premium: 5 },
  },
  visitGapMinutes: 3,
  sameItem: ['cart', 'purchase'],

  drawUser: (random) => ({
    plan: drawOne({ free: 65, plus: 30, premium: 5 }, random),
    country: drawOne({ DE: 30, FR: 20, GB: 20, US: 30 }, random),
    age: random.next() < 0.1 ? null : Math.round(Math.min(80, Math.max(18, 38 + 13 * random.normal()))),
  }),
  drawItem: (random) => {
    const department = drawOne({ books: 30, clothing: 30, electronics: 20, garden: 20 }, random)
    const words = titleWords[department]
    const word = words[random.integer(words.length)] ?? ''
    const price = typicalPrice[department] * Math.exp(0.5 * random.normal())
    return {
      department,
      price: Math.round(price * 100) / 100,
      title: `${drawOne({ plain: 4, fine: 2, grand: 1 }, random)} ${word}`,
    }
  },
  drawContext: (user, random) => {
    const young = typeof user['age'] === 'number' && user['age'] < 35
    return { device: drawOne(young ? { phone: 7, desktop: 3 } : { phone: 4, desktop: 6 }, random) }
  },
  taste: (user) => String(user['country']),
  appeal: (taste, item) => liking[taste]?.[item['department'] as Department] ?? 1,
  // Mostly one piece, now and then two or three.
  drawValue: (_type, { item, random }) => Number(item['price'] ?? 0) * (1 + random.pick([8, 2, 1])),

  behaviour: (user) => {
    const plus = user['plan'] === 'plus' ? 1 : 0
    const premium = user['plan'] === 'premium' ? 1 : 0
    const fromUs = user['country'] === 'US' ? 1 : 0
    const age = (Number(user['age'] ?? 38) - 38) / 13
    return {
      stay: (now) => {
        const afterPurchase = now.last === 'purchase' ? 2.2 : 0
        const afterCart = now.last === 'cart' ? 0.5 : 0
        const afterSearch = now.last === 'search' ? 0.6 : 0
        const onPhone = now.context['device'] === 'phone' ? 0.3 : 0
        return 1 + afterCart + afterSearch - afterPurchase - onPhone
      },
      awayDays: (now) =>
        150 *
        Math.exp(-0.9 * plus - 1.7 * premium - 0.3 * age - 0.35 * now.month.any - 0.3 * now.month.purchase),
      inVisit: (now) => {
        const price = Math.log(Number(now.item['price'] ?? 30) / 30)
        const onPhone = now.context['device'] === 'phone' ? 1 : 0
        const keen = 0.25 * now.month.purchase + 0.4 * plus + 0.8 * premium
        const deterred = price * (0.6 - 0.4 * premium - 0.15 * fromUs)
        const viewedTwice = now.last === 'view' && now.beforeLast === 'view' ? 1.1 : 0
        return {
          view: 1.6 + (now.last === 'search' ? 2.2 : 0) + (now.last === 'purchase' ? 0.8 : 0),
          search: 0.5 + 0.6 * onPhone - (now.last === 'search' ? 0.8 : 0) - 0.2 * age,
          cart: now.last === 'view' ? -0.2 + 0.6 * keen - 0.6 * deterred + viewedTwice : -2.2,
          purchase: now.last === 'cart' ? 1 + keen - deterred - 0.5 * onPhone : -3,
        }
      },
      newVisit: (now) => ({
        view: 1.2 + 0.4 * premium,
        search: 1.2 + 0.4 * age,
        cart: -1.5,
        // What was left in the cart brings people back.
        purchase: now.last === 'cart' ? 0.3 + 0.8 * premium : -3.5,
      }),
    }
  },
})
