// Events of a site as GA4 exports them by way of BigQuery: a JSON object a line, with parameters nested in it.
import { createRandom } from '../../../../features/random.ts'
import { DAY_MS, jsonLinesOf, pick, skewed } from './an-export.ts'
import type { Export } from './an-export.ts'

const random = createRandom(103)
const START_MS = Date.UTC(2025, 10, 1)
const text = (key: string, value: string): object => ({ key, value: { string_value: value } })
const whole = (key: string, value: number): object => ({ key, value: { int_value: String(value) } })

function events(): object[] {
  const rows: { at: number; row: object }[] = []
  for (let visitor = 0; visitor < 220; visitor += 1) {
    const id = `${1_000_000_000 + random.integer(1_000_000_000)}.${1_700_000_000 + random.integer(50_000_000)}`
    const device = {
      category: pick(random, ['desktop', 'mobile', 'mobile', 'tablet']),
      operating_system: pick(random, ['Windows', 'iOS', 'Android', 'Macintosh']),
      language: pick(random, ['en-us', 'de-de', 'fr-fr']),
    }
    const geo = {
      country: pick(random, ['Germany', 'France', 'United States']),
      city: pick(random, ['Berlin', 'Paris', 'Austin', '']),
    }
    const source = {
      name: '(direct)',
      medium: pick(random, ['organic', '(none)', 'cpc']),
      source: pick(random, ['google', '(direct)']),
    }
    let at = START_MS + random.next() * 20 * DAY_MS
    const visits = 1 + skewed(random, 9)
    for (let visit = 1; visit <= visits; visit += 1) {
      at += random.exponential(1 / (5 * DAY_MS))
      const session = Math.floor(at / 1000)
      const names = [
        'session_start',
        'page_view',
        'scroll',
        'page_view',
        'view_item',
        'add_to_cart',
        'begin_checkout',
        'purchase',
      ]
      const depth = 2 + skewed(random, 7)
      for (const name of names.slice(0, depth)) {
        at += 5_000 + random.next() * 60_000
        const revenue = name === 'purchase' ? Math.round(2000 + 8000 * random.next()) / 100 : undefined
        rows.push({
          at,
          row: {
            event_date: new Date(at).toISOString().slice(0, 10).replaceAll('-', ''),
            event_timestamp: String(Math.floor(at * 1000)),
            event_name: name,
            event_params: [
              text('page_location', `https://shop.example/p/${skewed(random, 30)}`),
              whole('ga_session_id', session),
              whole('ga_session_number', visit),
            ],
            event_value_in_usd: revenue,
            event_bundle_sequence_id: String(random.integer(2_000_000_000)),
            user_id: null,
            user_pseudo_id: id,
            user_first_touch_timestamp: String(Math.floor(START_MS * 1000 + visitor * 7_919_000)),
            device,
            geo,
            traffic_source: source,
            stream_id: '3456789012',
            platform: 'WEB',
            ecommerce:
              revenue === undefined
                ? {}
                : { transaction_id: `T${random.integer(1_000_000)}`, purchase_revenue: revenue },
            items: [],
          },
        })
      }
    }
  }
  return rows.toSorted((a, b) => a.at - b.at).map(({ row }) => row)
}

export const ga4Events: Export = {
  name: 'events of GA4',
  files: { 'events_20251101.ndjson': jsonLinesOf(events()) },
  columns: {
    'events_20251101.ndjson': {
      event_date: 'time',
      event_timestamp: 'time',
      event_name: 'category',
      event_params: 'list',
      event_value_in_usd: 'number',
      event_bundle_sequence_id: 'id',
      user_pseudo_id: 'id',
      user_first_touch_timestamp: 'time',
      'device.category': 'category',
      'device.operating_system': 'category',
      'device.language': 'category',
      'geo.country': 'category',
      'geo.city': 'category',
      'traffic_source.medium': 'category',
      'traffic_source.source': 'category',
      'ecommerce.transaction_id': 'id',
      'ecommerce.purchase_revenue': 'number',
      stream_id: ['id', 'category'],
      platform: 'category',
    },
  },
  roles: {
    kind: 'events',
    user: ['user_pseudo_id'],
    time: ['event_timestamp'],
    type: ['event_name'],
    value: ['event_value_in_usd', 'ecommerce.purchase_revenue'],
  },
}
