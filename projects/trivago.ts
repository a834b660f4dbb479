// Sessions of a hotel search (trivago, RecSys Challenge 2019 sample, one Parquet file). Visitors are
// anonymous, so a user is a session; all but the longest 1 % of sessions end within two hours.
import { category, defineProject, nextEvent, occurs } from '../features/project.ts'

export const trivago = defineProject({
  name: 'trivago',
  events: {
    'interaction item image': { item: true },
    'interaction item info': { item: true },
    'interaction item rating': { item: true },
    'interaction item deals': { item: true },
    'clickout item': { item: true },
    'search for item': { item: true },
    'search for destination': {},
    'search for poi': {},
    'filter selection': {},
    'change of sort order': {},
  },
  user: { platform: category() },
  context: { device: category(), city: category() },
  asked: 'afterEvents',
  tasks: {
    nextAction: nextEvent(),
    clicksOutInSession: occurs('clickout item', { withinHours: 2 }),
  },
  source: {
    kind: 'events',
    events: [
      {
        // A few session ids come back a day later, with their steps counted from 1 again.
        id: "session_id || '-' || lpad(step::varchar, 5, '0') || '-' || \"timestamp\"::varchar",
        type: 'action_type',
        userId: 'session_id',
        itemId: 'reference',
        occurredAt: '"timestamp"',
        timeUnit: 's',
        context: { device: 'device', city: 'city' },
      },
    ],
    user: { platform: 'platform' },
  },
})
