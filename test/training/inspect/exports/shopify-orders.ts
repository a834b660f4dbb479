// An orders export as Shopify writes it: one line for each line item, an order's own columns on its first line.
import { createRandom } from '../../../../features/random.ts'
import { DAY_MS, csvOf, pick, skewed, spaced } from './an-export.ts'
import type { Export } from './an-export.ts'

const random = createRandom(101)
const PRODUCTS = Array.from({ length: 40 }, (_, index) => ({
  sku: `TEE-${1000 + index * 7}-${['S', 'M', 'L'][index % 3] ?? ''}`,
  title: `${pick(random, ['Organic', 'Heavy', 'Striped', 'Relaxed'])} ${pick(random, ['Tee', 'Hoodie', 'Cap', 'Tote bag'])} - ${['Small', 'Medium', 'Large'][index % 3] ?? ''} / No. ${index}`,
  price: 12 + (index % 9) * 4.5,
  vendor: index % 4 === 0 ? 'North & Co' : 'House brand',
}))
const CITIES = [
  ['Toronto', 'ON', 'M5V 2T6', 'CA'],
  ['Montreal', 'QC', 'H2X 1Y4', 'CA'],
  ['New York', 'NY', '10011', 'US'],
  ['Seattle', 'WA', '98101', 'US'],
] as const

const HEADER = [
  'Name',
  'Email',
  'Financial Status',
  'Paid at',
  'Fulfillment Status',
  'Fulfilled at',
  'Accepts Marketing',
  'Currency',
  'Subtotal',
  'Shipping',
  'Taxes',
  'Total',
  'Discount Code',
  'Discount Amount',
  'Shipping Method',
  'Created at',
  'Lineitem quantity',
  'Lineitem name',
  'Lineitem price',
  'Lineitem compare at price',
  'Lineitem sku',
  'Lineitem requires shipping',
  'Lineitem taxable',
  'Lineitem fulfillment status',
  'Billing City',
  'Billing Zip',
  'Billing Province',
  'Billing Country',
  'Notes',
  'Cancelled at',
  'Payment Method',
  'Refunded Amount',
  'Vendor',
  'Id',
  'Tags',
  'Risk Level',
  'Source',
]

const offset = (ms: number): string => `${spaced(ms - 5 * 3_600_000)} -0500`

function orders(): (string | number | undefined)[][] {
  const rows: (string | number | undefined)[][] = []
  let at = Date.UTC(2025, 0, 3, 14)
  for (let order = 0; order < 700; order += 1) {
    at += random.exponential(1 / (DAY_MS * 0.6))
    at = Math.floor(at / 1000) * 1000
    const buyer = skewed(random, 160)
    const [city, province, zip, country] = CITIES[buyer % 4] ?? CITIES[0]
    const lines = Array.from({ length: 1 + random.integer(4) }, () => ({
      product: PRODUCTS[skewed(random, 40)] ?? PRODUCTS[0],
      quantity: random.next() < 0.8 ? 1 : 2,
    }))
    const subtotal = lines.reduce((sum, { product, quantity }) => sum + (product?.price ?? 0) * quantity, 0)
    const discount = random.next() < 0.15 ? subtotal * 0.1 : 0
    const taxes = (subtotal - discount) * 0.13
    const refunded = random.next() < 0.04
    const fulfilled = order < 680
    for (const [index, { product, quantity }] of lines.entries()) {
      const first = index === 0
      const own = <T>(cell: T): T | undefined => (first ? cell : undefined)
      rows.push([
        `#${1001 + order}`,
        `buyer${buyer}@example.${country === 'CA' ? 'ca' : 'com'}`,
        own(refunded ? 'refunded' : 'paid'),
        own(offset(at + 2000)),
        own(fulfilled ? 'fulfilled' : 'unfulfilled'),
        own(fulfilled ? offset(at + DAY_MS * 2) : ''),
        own(buyer % 3 === 0 ? 'yes' : 'no'),
        own(country === 'CA' ? 'CAD' : 'USD'),
        own(subtotal.toFixed(2)),
        own(subtotal > 60 ? '0.00' : '9.90'),
        own(taxes.toFixed(2)),
        own((subtotal - discount + taxes + (subtotal > 60 ? 0 : 9.9)).toFixed(2)),
        own(discount > 0 ? pick(random, ['WELCOME10', 'SUMMER10']) : ''),
        own(discount.toFixed(2)),
        own(subtotal > 60 ? 'Free shipping' : 'Standard'),
        offset(at),
        quantity,
        product?.title,
        product?.price.toFixed(2),
        index % 5 === 0 ? ((product?.price ?? 0) + 5).toFixed(2) : '',
        product?.sku,
        'true',
        'true',
        fulfilled ? 'fulfilled' : 'pending',
        own(city),
        own(`'${zip}`),
        own(province),
        own(country),
        own(random.next() < 0.05 ? `Please leave it at the door, thank you! (${order})` : ''),
        own(''),
        own(pick(random, ['Shopify Payments', 'PayPal Express Checkout'])),
        own(refunded ? subtotal.toFixed(2) : '0.00'),
        product?.vendor,
        own(5_512_000_000_000 + order * 32_771),
        own(''),
        own('Low'),
        own(random.next() < 0.9 ? 'web' : 'pos'),
      ])
    }
  }
  return rows.toReversed()
}

export const shopifyOrders: Export = {
  name: 'orders of Shopify',
  files: { 'orders_export_1.csv': csvOf([HEADER, ...orders()]) },
  columns: {
    'orders_export_1.csv': {
      Name: 'id',
      Email: 'id',
      'Financial Status': 'category',
      'Paid at': 'time',
      'Fulfillment Status': 'category',
      'Fulfilled at': 'time',
      'Accepts Marketing': 'boolean',
      Currency: 'category',
      Subtotal: 'number',
      Shipping: 'number',
      Taxes: 'number',
      Total: 'number',
      'Discount Code': 'category',
      'Discount Amount': 'number',
      'Shipping Method': 'category',
      'Created at': 'time',
      'Lineitem quantity': 'number',
      'Lineitem name': ['text', 'category', 'id'],
      'Lineitem price': 'number',
      'Lineitem compare at price': 'number',
      'Lineitem sku': 'id',
      'Lineitem requires shipping': 'boolean',
      'Lineitem taxable': 'boolean',
      'Lineitem fulfillment status': 'category',
      'Billing City': 'category',
      'Billing Zip': 'category',
      'Billing Province': 'category',
      'Billing Country': 'category',
      Notes: 'text',
      'Payment Method': 'category',
      'Refunded Amount': 'number',
      Vendor: 'category',
      Id: 'id',
      Source: 'category',
    },
  },
  roles: {
    kind: 'events',
    user: ['Email'],
    item: ['Lineitem sku', 'Lineitem name'],
    time: ['Created at'],
    // The product of price and quantity.
    value: ['amount', 'Lineitem price'],
  },
  leaks: ['Refunded Amount', 'Fulfilled at'],
}
