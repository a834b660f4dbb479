// Files of a test in a folder of their own, opened as a user would.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { category, defineProject, label, number, occurs, text } from '../../../features/project.ts'
import type { Project } from '../../../features/project.ts'
import { describeWarning } from '../../../training/data/report/data-warning.ts'
import { describeDataFault } from '../../../training/data/data-fault.ts'
import type { DataPath } from '../../../training/data/files/data-path.ts'
import type { DataSet, UserRecord } from '../../../training/data/data-set.ts'
import { skippedRows } from '../../../training/data/report/report.ts'
import { openDataSet } from '../../../training/data/open-data-set.ts'

/** What is said to be expected of a time. */
export const ISO = "an ISO 8601 time (other forms by the source's timeFormat, such as '%d/%m/%Y %H:%M')"

export const NOW_MS = Date.UTC(2026, 0, 1)

export const shop = defineProject({
  name: 'shop',
  events: { view: { item: true }, buy: { item: true, value: true }, search: {} },
  user: { age: number({ fixed: true }), plan: category() },
  item: { price: number(), title: text({ fixed: true }) },
  context: { device: category() },
  tasks: { buys: occurs('buy', { withinDays: 7 }) },
})

/** A shop whose churn and rating are told by people, at moments of their own. */
export const labelledShop = defineProject({
  name: 'labelled-shop',
  events: { search: {} },
  user: { plan: category() },
  tasks: {
    searches: occurs('search', { withinDays: 7 }),
    churned: label(['yes', 'no']),
    rating: label(['good', 'bad']),
  },
})

interface Options {
  readonly project?: Project
  readonly skipBadRows?: boolean
  readonly nowMs?: number
}

/** What a data set gave before it was closed. */
export interface Content extends Omit<DataSet, 'users' | 'close' | 'items' | 'notes'> {
  /** Rows that were skipped because the test asked for it. */
  readonly skippedCount: number
  /** As they are said. */
  readonly notes: readonly string[]
  readonly users: readonly UserRecord[]
  readonly items: Readonly<Record<string, unknown>>
}

export interface DataFolder {
  readonly path: string
  /** Writes a file, and the folders above it; gives its path. */
  write(name: string, content: string | Uint8Array): string
  /** Writes a folder of files; gives its path. */
  writeAll(name: string, files: Readonly<Record<string, string>>): string
  open(path: DataPath, options?: Options): ReturnType<typeof openDataSet>
  /** Everything in a data set. Throws the fault that opening gives. */
  read(path: DataPath, options?: Options): Promise<Content>
  /** The message of the fault that opening gives. */
  faultOf(path: DataPath, options?: Options): Promise<string>
  remove(): void
}

export function createDataFolder(): DataFolder {
  const path = mkdtempSync(join(tmpdir(), 'data-test-'))
  const write: DataFolder['write'] = (name, content) => {
    const file = join(path, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    return file
  }
  const open: DataFolder['open'] = async (file, options) =>
    openDataSet({ project: shop, path: file, skipBadRows: false, nowMs: NOW_MS, ...options })
  return {
    path,
    write,
    writeAll: (name, files) => {
      for (const [file, content] of Object.entries(files)) write(join(name, file), content)
      return join(path, name)
    },
    open,
    read: async (file, options) => {
      const opened = await open(file, options)
      if (!opened.ok) throw new Error(describeDataFault(opened.reason))
      const { eventCount, userCount, questionCount, report, span, items, undated, notes } = opened.value
      const users = await Array.fromAsync(opened.value.users())
      opened.value.close()
      const said = notes.map(describeWarning)
      const skippedCount = skippedRows(report)
      const counts = {
        eventCount,
        userCount,
        questionCount,
        report,
        skippedCount,
        span,
        undated,
        notes: said,
      }
      return { ...counts, users, items: Object.fromEntries(items) }
    },
    faultOf: async (file, options) => {
      const opened = await open(file, options)
      if (opened.ok) opened.value.close()
      return opened.ok ? 'no fault' : describeDataFault(opened.reason)
    },
    remove: () => rmSync(path, { recursive: true }),
  }
}
