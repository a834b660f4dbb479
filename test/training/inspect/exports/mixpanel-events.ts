// The raw export of Mixpanel: an object a line, whose properties hold the user and the moment, too.
import { createRandom } from '../../../../features/random.ts'
import { DAY_MS, jsonLinesOf, pick, skewed } from './an-export.ts'
import type { Export } from './an-export.ts'

const random = createRandom(109)
const hex = (length: number): string => Array.from({ length }, () => random.integer(16).toString(16)).join('')

function events(): object[] {
  const rows: { at: number; row: object }[] = []
  for (let user = 0; user < 140; user += 1) {
    const id = `${hex(8)}-${hex(4)}-${hex(4)}-${hex(12)}`
    const plan = pick(random, ['free', 'free', 'pro'])
    const browser = pick(random, ['Chrome', 'Safari', 'Firefox'])
    let at = Date.UTC(2025, 6, 1) + random.next() * 30 * DAY_MS
    const count = 4 + skewed(random, 60)
    for (let index = 0; index < count; index += 1) {
      const event = pick(random, [
        'Signed In',
        'Project Opened',
        'Project Opened',
        'Report Exported',
        'Plan Upgraded',
      ])
      rows.push({
        at,
        row: {
          event,
          properties: {
            time: Math.floor(at / 1000),
            distinct_id: id,
            $insert_id: hex(16),
            $browser: browser,
            $os: browser === 'Safari' ? 'Mac OS X' : pick(random, ['Windows', 'Linux']),
            mp_country_code: pick(random, ['DE', 'US', 'BR']),
            mp_lib: 'web',
            plan,
            ...(event === 'Plan Upgraded' && { amount: pick(random, [9, 29, 99]) }),
            ...(event === 'Report Exported' && { report: pick(random, ['funnel', 'trend', 'cohort']) }),
          },
        },
      })
      at += random.exponential(1 / (2 * DAY_MS))
    }
  }
  return rows.toSorted((a, b) => a.at - b.at).map(({ row }) => row)
}

export const mixpanelEvents: Export = {
  name: 'raw events of Mixpanel',
  files: { 'export.json': jsonLinesOf(events()) },
  columns: {
    'export.json': {
      event: 'category',
      'properties.time': 'time',
      'properties.distinct_id': 'id',
      'properties.$insert_id': 'id',
      'properties.$browser': 'category',
      'properties.$os': 'category',
      'properties.mp_country_code': 'category',
      'properties.mp_lib': 'category',
      'properties.plan': 'category',
      'properties.amount': 'number',
      'properties.report': 'category',
    },
  },
  roles: {
    kind: 'events',
    user: ['properties.distinct_id'],
    time: ['properties.time'],
    type: ['event'],
    value: ['properties.amount'],
  },
}
