// A social product: who returns within a day, who posts soon, what a member does next.
import { absent, category, defineProject, nextEvent, number, occurs, text } from '../features/project.ts'

export const social = defineProject({
  name: 'social',
  // Every visit begins with `open`.
  events: { open: {}, read: { item: true }, like: { item: true }, share: { item: true }, post: {} },
  // The channel is the one that a member first came by.
  user: {
    channel: category({ fixed: true }),
    country: category({ fixed: true }),
    age: number({ fixed: true }),
  },
  item: { topic: category({ fixed: true }), length: number({ fixed: true }), title: text({ fixed: true }) },
  context: { device: category() },
  tasks: {
    returnsTomorrow: occurs('open', { withinDays: 1 }),
    leavesWithin14Days: absent({ withinDays: 14 }),
    nextAction: nextEvent(),
    postsWithin7Days: occurs('post', { withinDays: 7 }),
  },
})
