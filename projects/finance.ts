// A bank or broker: who takes up a product, who falls silent, what a client does next.
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

export const finance = defineProject({
  name: 'finance',
  events: {
    login: {},
    look: { item: true },
    takeUp: { item: true },
    deposit: { value: true },
    support: {},
  },
  // A bank moves its clients between segments for what they take up, and learns of incomes likewise.
  user: {
    segment: category(),
    region: category({ fixed: true }),
    age: number({ fixed: true }),
    income: number(),
  },
  item: { kind: category({ fixed: true }), fee: number(), title: text({ fixed: true }) },
  context: { device: category() },
  tasks: {
    takesUpWithin28Days: occurs('takeUp', { withinDays: 28 }),
    leavesWithin28Days: absent({ withinDays: 28 }),
    nextAction: nextEvent(),
    deposits28Days: total('deposit', { withinDays: 28 }),
  },
})
