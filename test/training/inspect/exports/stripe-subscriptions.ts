// A subscriptions export as Stripe's dashboard writes it: a row for each subscription, with how it stands now.
import { createRandom } from '../../../../features/random.ts'
import { DAY_MS, csvOf, pick, spaced } from './an-export.ts'
import type { Export } from './an-export.ts'

const random = createRandom(102)
const NOW_MS = Date.UTC(2026, 2, 1)
const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const code = (length: number): string =>
  Array.from({ length }, () => LETTERS[random.integer(LETTERS.length)] ?? 'a').join('')
const minute = (ms: number): string => spaced(ms).slice(0, 16)

const HEADER = [
  'id',
  'Customer ID',
  'Customer Description',
  'Customer Email',
  'Plan',
  'Product',
  'Quantity',
  'Currency',
  'Interval',
  'Amount',
  'Status',
  'Created (UTC)',
  'Start (UTC)',
  'Current Period Start (UTC)',
  'Current Period End (UTC)',
  'Trial Start (UTC)',
  'Trial End (UTC)',
  'Application Fee Percent',
  'Coupon',
  'Tax Percent',
  'Canceled At (UTC)',
  'Ended At (UTC)',
  'Cancel At Period End',
  'Cancellation Reason',
]

function subscriptions(): (string | number | boolean | undefined)[][] {
  return Array.from({ length: 900 }, (_, index) => {
    const created = NOW_MS - DAY_MS * (20 + 700 * random.next())
    const yearly = random.next() < 0.3
    const plan = pick(random, ['starter', 'team', 'business'])
    const trial = random.next() < 0.6
    const canceled = random.next() < (plan === 'starter' ? 0.4 : 0.15) + (trial ? 0.1 : 0)
    const ended = created + (NOW_MS - created) * random.next()
    const period = DAY_MS * (yearly ? 365 : 30)
    const start = canceled ? ended - period * random.next() : NOW_MS - period * random.next()
    return [
      `sub_1${code(23)}`,
      `cus_${code(14)}`,
      random.next() < 0.3 ? `${pick(random, ['Acme', 'Umbrella', 'Hooli'])} ${index}` : '',
      `billing${index}@company${index % 400}.example`,
      `price_${{ starter: '1MabcS', team: '1MabcT', business: '1MabcB' }[plan] ?? ''}${yearly ? 'y' : 'm'}9xQ2`,
      `prod_${{ starter: 'NfA1', team: 'NfA2', business: 'NfA3' }[plan] ?? ''}kJz`,
      plan === 'starter' ? 1 : 1 + random.integer(20),
      'usd',
      yearly ? 'year' : 'month',
      ({ starter: 9, team: 29, business: 99 }[plan] ?? 0) * (yearly ? 10 : 1),
      canceled ? 'canceled' : pick(random, ['active', 'active', 'active', 'active', 'past_due']),
      minute(created),
      minute(created),
      minute(start),
      minute(start + period),
      trial ? minute(created) : '',
      trial ? minute(created + 14 * DAY_MS) : '',
      '',
      random.next() < 0.1 ? pick(random, ['LAUNCH20', 'FRIENDS']) : '',
      '',
      canceled ? minute(ended) : '',
      canceled ? minute(ended) : '',
      canceled && random.next() < 0.5,
      canceled ? pick(random, ['cancellation_requested', 'payment_failed']) : '',
    ]
  })
}

export const stripeSubscriptions: Export = {
  name: 'subscriptions of Stripe',
  files: { 'subscriptions.csv': csvOf([HEADER, ...subscriptions()]) },
  columns: {
    'subscriptions.csv': {
      id: 'id',
      'Customer ID': 'id',
      'Customer Description': ['text', 'id', 'category'],
      'Customer Email': 'id',
      Plan: ['category', 'id'],
      Product: ['category', 'id'],
      Quantity: 'number',
      Currency: 'category',
      Interval: 'category',
      Amount: 'number',
      Status: 'category',
      'Created (UTC)': 'time',
      'Start (UTC)': 'time',
      'Current Period Start (UTC)': 'time',
      'Current Period End (UTC)': 'time',
      'Trial Start (UTC)': 'time',
      'Trial End (UTC)': 'time',
      Coupon: 'category',
      'Canceled At (UTC)': 'time',
      'Ended At (UTC)': 'time',
      'Cancel At Period End': 'boolean',
      'Cancellation Reason': 'category',
    },
  },
  roles: {
    kind: 'table',
    id: ['id', 'Customer ID'],
    label: ['Status'],
    at: ['Created (UTC)', 'Start (UTC)'],
  },
  leaks: ['Canceled At (UTC)', 'Ended At (UTC)', 'Cancellation Reason', 'Cancel At Period End'],
}
