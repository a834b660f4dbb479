// Receipt lines of tills by loyalty card, day and clock in columns of their own, and the list of articles.
import { createRandom } from '../../../../features/random.ts'
import { DAY_MS, csvOf, dayAs, pick, skewed } from './an-export.ts'
import type { Export } from './an-export.ts'

const random = createRandom(108)
const ARTICLES = Array.from({ length: 90 }, (_, index) => ({
  number: String(4_000_100_000_000 + index * 1_117),
  text: `${pick(random, ['Milk', 'Bread', 'Apples', 'Pasta', 'Coffee'])} ${pick(random, ['organic', 'value', 'fresh'])} ${100 + index}g`,
  group: pick(random, ['dairy', 'bakery', 'fruit', 'dry', 'drinks']),
  price: Math.round(80 + 700 * random.next()) / 100,
}))

function lines(): string[][] {
  const receipts: { at: number; rows: string[][] }[] = []
  for (let card = 0; card < 90; card += 1) {
    let at = Date.UTC(2025, 0, 2, 9) + random.next() * 9 * DAY_MS
    const pace = 3 + 9 * random.next()
    const store = pick(random, ['0012', '0044', '0101'])
    while (at < Date.UTC(2025, 5, 30)) {
      const clock = new Date(at).toISOString().slice(11, 19)
      const count = 1 + skewed(random, 8)
      receipts.push({
        at,
        rows: Array.from({ length: count }, () => {
          const article = ARTICLES[skewed(random, 90)]
          const units = random.next() < 0.8 ? 1 : 2
          return [
            store,
            String(1 + random.integer(6)),
            `29${String(1_000_000 + card * 37)}`,
            dayAs(at, 'YMD'),
            clock,
            article?.number ?? '',
            String(units),
            ((article?.price ?? 0) * units).toFixed(2),
            random.next() < 0.1 ? '0.50' : '0.00',
            pick(random, ['cash', 'card']),
          ]
        }),
      })
      at += random.exponential(1 / (pace * DAY_MS))
    }
  }
  return receipts
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ rows }, index) => rows.map((row) => [String(88_000_000 + index), ...row]))
}

export const tillReceipts: Export = {
  name: 'receipt lines of tills',
  files: {
    'pos_lines.txt': csvOf(
      [
        [
          'receipt_no',
          'store_no',
          'till_no',
          'card_no',
          'sale_date',
          'sale_time',
          'ean',
          'qty',
          'line_total',
          'discount',
          'tender',
        ],
        ...lines(),
      ],
      '|',
    ),
    'articles.txt': csvOf(
      [
        ['ean', 'article_text', 'product_group', 'shelf_price', 'active_flag'],
        ...ARTICLES.map(({ number, text, group, price }) => [number, text, group, price.toFixed(2), 'Y']),
      ],
      '|',
    ),
  },
  columns: {
    'pos_lines.txt': {
      receipt_no: 'id',
      store_no: ['category', 'id'],
      till_no: ['category', 'id'],
      card_no: 'id',
      sale_date: 'time',
      sale_time: ['time', 'text', 'category'],
      ean: 'id',
      qty: 'number',
      line_total: 'number',
      discount: 'number',
      tender: 'category',
    },
    'articles.txt': {
      ean: 'id',
      article_text: 'text',
      product_group: 'category',
      shelf_price: 'number',
      active_flag: ['boolean', 'category'],
    },
  },
  roles: {
    kind: 'events',
    user: ['card_no'],
    item: ['ean'],
    time: ['sale_date'],
    value: ['line_total'],
    items: 'articles.txt',
  },
}
