// What is found in files that look as the exports of common tools do, against lists made by hand
// (exports/). Made-up rows: these measure how well columns and roles are told, not how well they predict.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { inspect } from '../../../training/inspect/inspect.ts'
import type { Inspection } from '../../../training/inspect/shape.ts'
import type { Export, ExportRoles } from './exports/an-export.ts'
import { bankTransactions } from './exports/bank-transactions.ts'
import { courseSubmissions } from './exports/course-submissions.ts'
import { crmLeads } from './exports/crm-leads.ts'
import { ga4Events } from './exports/ga4-events.ts'
import { germanContracts } from './exports/german-contracts.ts'
import { mixpanelEvents } from './exports/mixpanel-events.ts'
import { moodleLog } from './exports/moodle-log.ts'
import { newsletter } from './exports/newsletter.ts'
import { shopifyOrders } from './exports/shopify-orders.ts'
import { stripeSubscriptions } from './exports/stripe-subscriptions.ts'
import { tillReceipts } from './exports/till-receipts.ts'

const exports: readonly Export[] = [
  shopifyOrders,
  stripeSubscriptions,
  ga4Events,
  moodleLog,
  bankTransactions,
  newsletter,
  crmLeads,
  tillReceipts,
  mixpanelEvents,
  germanContracts,
  courseSubmissions,
]
/** So many of all columns must be taken for what they are. */
const SHARE_MIN = 0.95

/** Where the files of an export lie. */
function written({ files }: Export): string {
  const folder = mkdtempSync(join(tmpdir(), 'presage-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

const looked = new Map<Export, Inspection>()

/** Each is looked at once. */
async function look(own: Export): Promise<Inspection> {
  const before = looked.get(own)
  if (before !== undefined) return before
  const inspected = await inspect({ paths: [written(own)] })
  if (!inspected.ok) throw new Error(JSON.stringify(inspected.reason))
  looked.set(own, inspected.value)
  return inspected.value
}

/** What was found, by role. */
function found({ shape }: Inspection): Readonly<Record<string, string | undefined>> {
  if (shape.kind === 'sequences') return { kind: shape.kind }
  if (shape.kind === 'table') {
    const { id, at, label } = shape
    return { kind: 'table', id: id?.name, at: at?.name, label: label.column.name }
  }
  const [first] = shape.parts
  return {
    kind: 'events',
    user: first?.user.map(({ name }) => name).join(' + '),
    item: first?.item?.name,
    time: first?.time?.name,
    type: first?.type?.name,
    value: first?.value?.name,
    label: (first?.label ?? shape.users?.label)?.column.name,
    users: shape.users === undefined ? undefined : basename(shape.users.file.path),
    items: shape.items === undefined ? undefined : basename(shape.items.file.path),
  }
}

/** A line for each role that is another than a person would say. */
function wrongRoles(roles: ExportRoles, inspection: Inspection): string[] {
  const own = found(inspection)
  return Object.keys({ ...own, ...roles }).flatMap((role) => {
    const expected = roles[role as keyof ExportRoles]
    const isRight =
      expected === undefined ? own[role] === undefined : [expected].flat().includes(own[role] ?? '')
    return isRight ? [] : [`${role}: ${own[role]}, not ${[expected].flat().join(' or ')}`]
  })
}

/** A line for each column that is taken for something else. */
function wrongColumns({ columns }: Export, { files }: Inspection): string[] {
  return Object.entries(columns).flatMap(([file, kinds]) =>
    Object.entries(kinds).flatMap(([name, expected]) => {
      const kind = files
        .find(({ path }) => basename(path) === file)
        ?.columns.find((column) => column.name === name)?.kind
      const isRight = kind !== undefined && [expected].flat().includes(kind)
      return isRight ? [] : [`${file} ${name}: ${kind}, not ${[expected].flat().join(' or ')}`]
    }),
  )
}

describe('inspect, on exports of common tools', () => {
  it.each(exports.map((own) => [own.name, own] as const))('tells the roles of %s', async (_, own) => {
    expect(wrongRoles(own.roles, await look(own))).toEqual([])
  })

  it('takes 95 % of the columns and more for what they are', async () => {
    let count = 0
    const wrong: string[] = []
    for (const own of exports) {
      wrong.push(...wrongColumns(own, await look(own)))
      count += Object.values(own.columns).reduce((sum, kinds) => sum + Object.keys(kinds).length, 0)
    }
    const share = (count - wrong.length) / count
    console.log(`inspect: ${count - wrong.length} of ${count} columns right (${(100 * share).toFixed(1)} %)`)
    expect(share, wrong.join('\n')).toBeGreaterThanOrEqual(SHARE_MIN)
  })

  it.each(exports.filter(({ leaks }) => leaks !== undefined).map((own) => [own.name, own] as const))(
    'leaves out what tells the answer in %s',
    async (_, own) => {
      const { warnings } = await look(own)
      const left = warnings.filter(({ isLeftOut }) => isLeftOut).map(({ column }) => column)
      expect((own.leaks ?? []).filter((column) => !left.includes(column))).toEqual([])
    },
  )
})
