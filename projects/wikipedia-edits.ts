// A month of edits of Wikipedia pages (JODIE's file u,i,ts,label; seconds from the month's start).
// A row with label 1 is the edit after which its user was banned: the ban is an event of its own, one
// second later, so that asking right after the edit does not see it.
import { absent, count, defineProject, occurs } from '../features/project.ts'

const columns = { userId: "'user-' || u::varchar", timeUnit: 's' } as const

export const wikipediaEdits = defineProject({
  name: 'wikipedia-edits',
  events: { edit: { item: true }, ban: {} },
  asked: 'afterEvents',
  tasks: {
    editsWithin7Days: occurs('edit', { withinDays: 7 }),
    leavesWithin7Days: absent({ withinDays: 7 }),
    editCountWithin7Days: count('edit', { withinDays: 7 }),
    bannedWithin7Days: occurs('ban', { withinDays: 7 }),
  },
  source: {
    kind: 'events',
    events: [
      {
        ...columns,
        id: "'edit-' || lpad(ts::varchar, 8, '0') || '-' || u::varchar || '-' || i::varchar",
        type: "'edit'",
        itemId: "'page-' || i::varchar",
        occurredAt: 'ts::bigint',
      },
      {
        ...columns,
        id: "'ban-' || u::varchar",
        type: "'ban'",
        occurredAt: 'ts::bigint + 1',
        where: "label::varchar = '1'",
      },
    ],
  },
})
