// A log of events. Written by `presage init` from log's.csv (3,000 rows), people.csv (12 rows); it is yours
// to edit.
// Not read: people: has no row for each user or item of the log, and no moments of its users.
import { absent, defineProject, nextEvent, occurs, total } from '../features/project.ts'

export const naMed = defineProject({
  name: 'na-med',
  events: {
    visit: {},
    pay: { value: true },
  },
  tasks: {
    // Horizons of 2 days: by then most have come back who do; edit them to what you can act on.
    leavesWithin2Days: absent({ withinDays: 2 }),
    nextAction: nextEvent({ withinDays: 2 }),
    payWithin2Days: occurs('pay', { withinDays: 2 }),
    payTotalWithin2Days: total('pay', { withinDays: 2 }),
  },
  source: {
    kind: 'events',
    // Left out: id: names rows (3000 distinct in 3000): tells nothing of others.
    events: [
      {
        file: "log's.csv",
        type: '"type"',
        userId: '"userId"',
        value: '"value"',
        occurredAt: 'occurredAt',
        timeUnit: 'iso',
      },
    ],
  },
})
