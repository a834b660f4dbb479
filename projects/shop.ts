// A web shop: who buys soon, who stays away, what a visitor does next, how much is spent.
import {
  absent,
  category,
  defineProject,
  nextEvent,
  number,
  occurs,
  text,
  total,
} from '../features/project.ts'

export const shop = defineProject({
  name: 'shop',
  events: { view: { item: true }, cart: { item: true }, purchase: { item: true, value: true }, search: {} },
  // Where people live and how old they are does not follow from what they buy; the plan and prices may.
  user: { plan: category(), country: category({ fixed: true }), age: number({ fixed: true }) },
  item: { department: category({ fixed: true }), price: number(), title: text({ fixed: true }) },
  context: { device: category() },
  tasks: {
    buysWithin7Days: occurs('purchase', { withinDays: 7 }),
    leavesWithin30Days: absent({ withinDays: 30 }),
    nextAction: nextEvent(),
    spend28Days: total('purchase', { withinDays: 28 }),
  },
})
