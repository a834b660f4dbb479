// The shop of the simulation, asked what can be judged soon: a loop learns within days what has changed only
// where answers come due within days.
import { absent, defineProject, nextEvent, occurs } from '../../features/project.ts'
import { shop } from '../../projects/shop.ts'

export const months = defineProject({
  name: 'months',
  events: { view: { item: true }, cart: { item: true }, purchase: { item: true, value: true }, search: {} },
  user: shop.user,
  item: shop.item,
  context: shop.context,
  tasks: {
    buysWithin3Days: occurs('purchase', { withinDays: 3 }),
    leavesWithin3Days: absent({ withinDays: 3 }),
    // Known within the hour: by it a bad challenger shows on its first day.
    nextAction: nextEvent({ withinHours: 1 }),
  },
})
