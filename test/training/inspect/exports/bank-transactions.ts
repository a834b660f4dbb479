// A bank's bookings and its customers, as a core banking system on the Continent writes them.
import { createRandom } from '../../../../features/random.ts'
import { DAY_MS, csvOf, dayAs, pick, skewed } from './an-export.ts'
import type { Export } from './an-export.ts'

const random = createRandom(105)
const comma = (amount: number): string => amount.toFixed(2).replace('.', ',')
const customer = (index: number): string => `KD${String(70_000 + index * 13).padStart(8, '0')}`
const MERCHANTS = [
  'REWE Markt',
  'Shell Station',
  'Amazon',
  'DB Vertrieb',
  'Apotheke am Ring',
  'Netflix',
  'IKEA',
  'Lidl',
] as const

function transactions(): string[][] {
  const rows: { at: number; row: string[] }[] = []
  for (let index = 0; index < 120; index += 1) {
    let at = Date.UTC(2025, 0, 2)
    let balance = 500 + 4000 * random.next()
    while (at < Date.UTC(2025, 8, 30)) {
      const type = pick(random, ['CARD', 'CARD', 'CARD', 'TRANSFER', 'DIRECT_DEBIT', 'ATM', 'SALARY'])
      const amount =
        type === 'SALARY'
          ? 1800 + 900 * random.next()
          : -(type === 'ATM' ? 50 * (1 + random.integer(4)) : 5 + 90 * random.next() ** 2)
      balance += amount
      const merchant = type === 'CARD' ? (MERCHANTS[skewed(random, 8)] ?? '') : ''
      rows.push({
        at,
        row: [
          '',
          customer(index),
          dayAs(at, 'D.M.Y'),
          dayAs(at + DAY_MS, 'D.M.Y'),
          type,
          comma(amount),
          comma(balance),
          'EUR',
          merchant,
          type === 'CARD' ? String(5411 + 7 * MERCHANTS.indexOf(merchant as 'Lidl')) : '',
          type === 'SALARY'
            ? 'Lohn/Gehalt Fa. Muster GmbH'
            : type === 'TRANSFER'
              ? `Miete und Nebenkosten Rg. ${random.integer(9000)}`
              : '',
          pick(random, ['app', 'web', 'branch']),
        ],
      })
      at += random.exponential(1 / (4 * DAY_MS))
    }
  }
  return rows
    .toSorted((a, b) => a.at - b.at)
    .map(({ row }, index) => [String(900_000_001 + index), ...row.slice(1)])
}

function customers(): string[][] {
  return Array.from({ length: 130 }, (_, index) => [
    customer(index),
    pick(random, ['Herr', 'Frau']),
    dayAs(Date.UTC(1940 + random.integer(65), random.integer(12), 1 + random.integer(28)), 'D.M.Y'),
    String(10_115 + random.integer(60_000)),
    pick(random, ['Berlin', 'Hamburg', 'München', 'Köln']),
    dayAs(Date.UTC(2005 + random.integer(19), random.integer(12), 1 + random.integer(28)), 'D.M.Y'),
    pick(random, ['retail', 'private', 'student']),
    pick(random, ['J', 'N', 'N']),
    String(1 + random.integer(5)),
    comma(1200 + 3000 * random.next()),
  ])
}

export const bankTransactions: Export = {
  name: 'bookings and customers of a bank',
  files: {
    'umsaetze.csv': csvOf(
      [
        [
          'txn_id',
          'customer_no',
          'booking_date',
          'value_date',
          'txn_type',
          'amount',
          'balance_after',
          'currency',
          'merchant',
          'mcc',
          'purpose',
          'channel',
        ],
        ...transactions(),
      ],
      ';',
    ),
    'customers.csv': csvOf(
      [
        [
          'customer_no',
          'salutation',
          'birth_date',
          'postcode',
          'city',
          'customer_since',
          'segment',
          'online_banking',
          'product_count',
          'monthly_income',
        ],
        ...customers(),
      ],
      ';',
    ),
  },
  columns: {
    'umsaetze.csv': {
      txn_id: 'id',
      customer_no: 'id',
      booking_date: 'time',
      value_date: 'time',
      txn_type: 'category',
      amount: 'number',
      balance_after: 'number',
      currency: 'category',
      merchant: ['category', 'id'],
      mcc: ['category', 'id'],
      purpose: 'text',
      channel: 'category',
    },
    'customers.csv': {
      customer_no: 'id',
      salutation: 'category',
      birth_date: 'time',
      postcode: ['category', 'id'],
      city: 'category',
      customer_since: 'time',
      segment: 'category',
      online_banking: ['boolean', 'category'],
      product_count: 'number',
      monthly_income: 'number',
    },
  },
  roles: {
    kind: 'events',
    user: ['customer_no'],
    item: ['merchant', 'mcc'],
    time: ['booking_date'],
    type: ['txn_type'],
    value: ['amount'],
    users: 'customers.csv',
  },
}
