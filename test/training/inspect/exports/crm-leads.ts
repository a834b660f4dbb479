// Leads as a CRM exports them: a row for each, with what sales people and forms wrote.
import { createRandom } from '../../../../features/random.ts'
import { DAY_MS, csvOf, pick } from './an-export.ts'
import type { Export } from './an-export.ts'

const random = createRandom(107)
const american = (ms: number): string => {
  const at = new Date(ms)
  return `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()} ${String(at.getUTCHours()).padStart(2, '0')}:${String(at.getUTCMinutes()).padStart(2, '0')}`
}
const thousands = (amount: number): string => Math.round(amount).toLocaleString('en-US')

function leads(): (string | number | undefined)[][] {
  return Array.from({ length: 1200 }, (_, index) => {
    const created = Date.UTC(2024, 5, 1) + random.next() * 500 * DAY_MS
    const source = pick(random, ['Organic Search', 'Paid Social', 'Referral', 'Trade show', 'Direct'])
    const pages = Math.floor(random.exponential(1 / 6))
    const forms = Math.min(5, Math.floor(random.exponential(1)))
    const won = random.next() < Math.min(0.85, 0.05 + (source === 'Referral' ? 0.15 : 0) + forms * 0.1)
    const touched = created + random.next() * 90 * DAY_MS
    return [
      30_100_000_000 + index * 4_253,
      pick(random, ['Ada', 'Ben', 'Caro', 'Dan', 'Eve']),
      `${pick(random, ['Smith', 'Kovacs', 'Meyer', 'Okafor', 'Silva'])}${index}`,
      `lead${index}@firm${index % 700}.example`,
      random.next() < 0.6 ? `+1 555 ${1000 + random.integer(9000)}` : '',
      `Firm ${index % 700} ${pick(random, ['Inc.', 'GmbH', 'Ltd'])}`,
      pick(random, ['Software', 'Retail', 'Health care', 'Manufacturing', '']),
      random.next() < 0.7 ? thousands(5 + 5000 * random.next() ** 4) : '',
      random.next() < 0.5 ? `$${thousands(100_000 + 90_000_000 * random.next() ** 5)}` : '',
      pick(random, ['CEO', 'Head of Marketing', 'Buyer', 'Developer', 'Office manager', '']),
      pick(random, ['United States', 'Germany', 'Nigeria', 'Brazil']),
      source,
      american(created),
      american(touched),
      pages,
      forms,
      pick(random, ['Ina Berg', 'Tom Reed', 'Sue Park']),
      won ? 'Customer' : pick(random, ['Lead', 'Marketing Qualified Lead', 'Sales Qualified Lead']),
      won ? american(touched) : '',
      won ? '' : random.next() < 0.4 ? pick(random, ['No budget', 'No answer', 'Competitor']) : '',
      random.next() < 0.3
        ? `Called on ${index % 28}th, wants a demo of the ${pick(random, ['API', 'dashboard'])} before the end of quarter`
        : '',
      won ? 'TRUE' : 'FALSE',
    ]
  })
}

const HEADER = [
  'Record ID',
  'First Name',
  'Last Name',
  'Email',
  'Phone Number',
  'Company Name',
  'Industry',
  'Number of Employees',
  'Annual Revenue',
  'Job Title',
  'Country/Region',
  'Original Source',
  'Create Date',
  'Last Activity Date',
  'Number of Pageviews',
  'Number of Form Submissions',
  'Contact owner',
  'Lifecycle Stage',
  'Became a Customer Date',
  'Unqualified Reason',
  'Notes',
  'Converted',
]

export const crmLeads: Export = {
  name: 'leads of a CRM',
  files: { 'hubspot-crm-exports-all-leads.csv': csvOf([HEADER, ...leads()]) },
  columns: {
    'hubspot-crm-exports-all-leads.csv': {
      'Record ID': 'id',
      'First Name': ['category', 'id', 'text'],
      'Last Name': ['id', 'text'],
      Email: 'id',
      'Phone Number': 'id',
      'Company Name': ['id', 'text', 'category'],
      Industry: 'category',
      'Number of Employees': 'number',
      'Annual Revenue': 'number',
      'Job Title': ['category', 'text'],
      'Country/Region': 'category',
      'Original Source': 'category',
      'Create Date': 'time',
      'Last Activity Date': 'time',
      'Number of Pageviews': 'number',
      'Number of Form Submissions': 'number',
      'Contact owner': 'category',
      'Lifecycle Stage': 'category',
      'Became a Customer Date': 'time',
      'Unqualified Reason': 'category',
      Notes: 'text',
      Converted: 'boolean',
    },
  },
  roles: { kind: 'table', id: ['Record ID'], label: ['Converted'], at: ['Create Date'] },
  leaks: ['Lifecycle Stage', 'Became a Customer Date', 'Unqualified Reason'],
}
