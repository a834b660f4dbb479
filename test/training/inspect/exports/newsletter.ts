// What a newsletter tool says of its mails, and a list of who upgraded, made by somebody else.
import { createRandom } from '../../../../features/random.ts'
import { DAY_MS, csvOf, pick } from './an-export.ts'
import type { Export } from './an-export.ts'

const random = createRandom(106)
const reader = (index: number): string =>
  `${pick(createRandom(index), ['jo', 'kim', 'lee', 'max'])}.${index}@mail.example`

function activity(): (string | undefined)[][] {
  const rows: (string | undefined)[][] = []
  for (let campaign = 0; campaign < 26; campaign += 1) {
    const sent = Date.UTC(2025, 3, 7 + campaign * 7, 8)
    for (let index = 0; index < 150; index += 1) {
      const write = (action: string, afterMs: number, url?: string): void => {
        const at = `${new Date(sent + afterMs).toISOString().slice(0, 19)}+00:00`
        rows.push([
          `c${(campaign + 17) * 7919}`,
          `Weekly letter no. ${campaign + 1}`,
          reader(index),
          action,
          at,
          url,
          undefined,
        ])
      }
      const keen = ((index * 37) % 100) / 100
      write('sent', random.next() * 60_000)
      if (random.next() > 0.2 + keen * 0.6) continue
      const opened = random.exponential(1 / (DAY_MS / 2))
      write('open', opened)
      if (random.next() < 0.25)
        write('click', opened + 30_000, `https://letter.example/read/${campaign}-${random.integer(4)}`)
      if (random.next() < 0.01) write('unsub', opened + 60_000)
    }
  }
  return rows.toSorted((a, b) => (a[4] ?? '').localeCompare(b[4] ?? ''))
}

function outcomes(): string[][] {
  return Array.from({ length: 150 }, (_, index) => {
    const keen = ((index * 37) % 100) / 100
    return [reader(index), '2025-10-15', random.next() < 0.5 - keen * 0.4 ? 'yes' : 'no']
  })
}

export const newsletter: Export = {
  name: 'mails of a newsletter and who upgraded',
  files: {
    'email_activity.csv': csvOf([
      ['Campaign ID', 'Campaign Title', 'Email Address', 'Action', 'Timestamp', 'URL', 'Bounce Type'],
      ...activity(),
    ]),
    'upgrades.csv': csvOf([['email', 'as_of', 'upgraded'], ...outcomes()]),
  },
  columns: {
    'email_activity.csv': {
      'Campaign ID': 'id',
      'Campaign Title': ['text', 'category', 'id'],
      'Email Address': 'id',
      Action: 'category',
      Timestamp: 'time',
      URL: ['id', 'text', 'category'],
    },
    'upgrades.csv': { email: 'id', as_of: 'time', upgraded: 'boolean' },
  },
  roles: {
    kind: 'events',
    user: ['Email Address'],
    item: ['Campaign ID', 'Campaign Title'],
    time: ['Timestamp'],
    type: ['Action'],
    label: ['upgraded'],
    users: 'upgrades.csv',
  },
}
