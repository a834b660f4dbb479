// presage init and check on small files: what is written can be read as it is.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { loadProject } from '../../../cli/projects/load-project.ts'
import { taskWord } from '../../../cli/projects/typescript-text.ts'
import { initProject, projectNameOf } from '../../../cli/projects/init-project.ts'
import type { Project } from '../../../features/project.ts'
import { describeDataFault } from '../../../training/data/data-fault.ts'
import type { DataSet } from '../../../training/data/data-set.ts'
import { identifierOf } from '../../../training/inspect/name-words.ts'
import { openDataSet } from '../../../training/data/open-data-set.ts'
import { jsonOf, runPresage } from '../run-presage.ts'
import { visitsTable } from '../small-files.ts'

const root = join(import.meta.dirname, '../../..')
/** Of public data; tests that need it are skipped where it is missing. */
const dataFolder = process.env['PRESAGE_DATA'] ?? join(root, '../shared/data')
const NOW_MS = Date.UTC(2026, 5, 1)

let folder: string
let said: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'presage-test-'))
  process.env['PRESAGE_HOME'] = join(folder, 'home')
  said = ''
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => {
    said += `${line}\n`
  })
  onTestFinished(() => {
    log.mockRestore()
    delete process.env['PRESAGE_HOME']
    rmSync(folder, { recursive: true })
  })
})

function write(name: string, lines: readonly string[]): string {
  const path = join(folder, name)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

/** The file of a project that lies beside the data. */
function own(name: string): string {
  return join(folder, `${name}.ts`)
}

interface Opened {
  readonly project: Project
  readonly data: DataSet
}

/** Reads the files with what was written for them. */
async function open(name: string, path: string): Promise<Opened> {
  const { project } = await loadProject(own(name))
  const opened = await openDataSet({ project, path, skipBadRows: false, nowMs: NOW_MS })
  if (!opened.ok) throw new Error(describeDataFault(opened.reason))
  onTestFinished(() => opened.value.close())
  return { project, data: opened.value }
}

/** Users of a shop who come every few days, in a file of another taste. */
function shopEvents(): string[] {
  const kinds = ['view', 'view', 'cart', 'purchase']
  const rows = Array.from({ length: 1_200 }, (_, row) => {
    const kind = kinds[Math.floor(row / 40) % 4] ?? ''
    const at = new Date(Date.UTC(2026, 0, 1) + row * 3_000_000).toISOString().slice(0, 19).replace('T', ' ')
    const amount = kind === 'purchase' ? (row % 17) + 0.5 : ''
    return [`c${row % 40}`, kind, `p${row % 23}`, at, amount, `d${row % 3}`].join(';')
  })
  return ['Customer ID;Event Type;Product ID;Event Time;Amount;Device', ...rows]
}

describe('presage init', () => {
  it('writes a table of which every column is read, leaves out leaks and says so', async () => {
    const rows = Array.from({ length: 300 }, (_, row) => {
      const left = (row * 7) % 5 === 0
      return [row + 1, 20 + ((row * 13) % 50), `plan${row % 3}`, left ? 'late fees' : '', left ? 'yes' : 'no']
    })
    const lines = ['customer_id,Age In Years,plan,reason,churned', ...rows.map((row) => row.join(','))]
    const path = write('Churn_2025.csv', lines)
    await initProject([path], { yes: true, name: own('churn-2025') })
    expect(said).toMatch(/reason +left out/)
    expect(said).toMatch(/label +churned/)
    const { project, data } = await open('churn-2025', path)
    expect(Object.values(project.user)).toEqual([{ kind: 'number' }, { kind: 'category' }])
    expect(project.tasks).toEqual({ churned: { kind: 'label', values: ['no', 'yes'] } })
    const users = await Array.fromAsync(data.users())
    expect(users).toHaveLength(300)
    const [first] = users
    expect([first?.userId, Object.values(first?.versions[0]?.attributes ?? {})]).toEqual(['1', [20, 'plan0']])
  })

  it('writes a log with its types, what each carries, and a horizon that its span allows', async () => {
    const path = write('orders.csv', shopEvents())
    await initProject([path], { yes: true, name: own('corner-shop') })
    const { project, data } = await open('corner-shop', path)
    expect(project.events).toEqual({
      view: { item: true },
      cart: { item: true },
      purchase: { item: true, value: true },
    })
    expect(data.eventCount).toBe(1_200)
    expect(data.userCount).toBe(40)
    expect(data.span?.startMs).toBe(Date.UTC(2026, 0, 1))
    expect(Object.values(project.tasks).map(({ kind }) => kind)).toContain('occurs')
    const days = 1_200 * 3_000_000
    for (const task of Object.values(project.tasks)) {
      if ('horizonMs' in task) expect((task.horizonMs ?? 0) * 6).toBeLessThanOrEqual(days)
    }
  })

  it('writes a folder with a log and its users, each file by its name', async () => {
    write('clicks.csv', shopEvents())
    const users = Array.from(
      { length: 40 },
      (_, user) => `c${user};${20 + ((user * 7) % 23)};${user % 2 ? 'DE' : 'FR'}`,
    )
    write('customers.csv', ['Customer ID;Age;Country', ...users])
    const paths = ['clicks.csv', 'customers.csv'].map((name) => join(folder, name))
    await initProject(paths, { yes: true, name: own('two-files') })
    const { project, data } = await open('two-files', folder)
    expect(Object.keys(project.user).map((name) => name.toLowerCase())).toEqual(['age', 'country'])
    const known = (await Array.fromAsync(data.users())).find(({ userId }) => userId === 'c3')
    expect(Object.values(known?.versions[0]?.attributes ?? {})).toEqual([41, 'DE'])
    expect(known?.events).toHaveLength(30)
  })

  it('writes sequences, a line of items for each user, whose order is their time', async () => {
    const lines = Array.from({ length: 30 }, (_, user) => {
      const items = Array.from(
        { length: 3 + ((user * 5) % 11) },
        (__, place) => `i${(user + 3 * place) % 17}`,
      )
      return `u${user} ${items.join(' ')}`
    })
    const path = write('played.txt', lines)
    await initProject([path], { yes: true, name: own('played') })
    expect(said).toMatch(/kind +sequences/)
    const { data } = await open('played', path)
    const users = await Array.fromAsync(data.users())
    expect(
      users.map(({ userId, events }) => [userId, ...events.map(({ itemId }) => itemId)].join(' ')),
    ).toEqual(lines)
  })

  it('never replaces a project without being told', async () => {
    const path = write('visits.csv', visitsTable().trim().split('\n'))
    await initProject([path], { yes: true, name: own('visits') })
    const before = readFileSync(join(folder, 'visits.ts'), 'utf8')
    await expect(initProject([path], { yes: true, name: own('visits') })).rejects.toThrow(/--overwrite/)
    expect(readFileSync(join(folder, 'visits.ts'), 'utf8')).toBe(before)
    await initProject([path], { yes: true, overwrite: true, name: own('visits') })
    expect(readFileSync(join(folder, 'visits.ts'), 'utf8')).toBe(before)
  })

  it('writes nothing where there is nothing to predict, or no such label', async () => {
    const path = write('notes.csv', [
      'text,size',
      ...Array.from({ length: 50 }, (_, row) => `n${row},${row}`),
    ])
    await expect(initProject([path], { yes: true, name: own('notes') })).rejects.toThrow(/--label COLUMN/)
    await expect(initProject([path], { label: 'sold', name: own('notes') })).rejects.toThrow(
      /no column 'sold'/,
    )
    await expect(initProject([path], { yes: true, label: 'text', name: own('notes') })).rejects.toThrow(
      /'text' \(--label\) says something else in nearly every row/,
    )
    const one = write('one.csv', ['size,sold', ...Array.from({ length: 50 }, (_, row) => `${row},yes`)])
    await expect(initProject([one], { yes: true, label: 'sold', name: own('notes') })).rejects.toThrow(
      /'sold' \(--label\) says the same in every row/,
    )
    expect(existsSync(join(folder, 'notes.ts'))).toBe(false)
  })
})

describe('presage init, where files do not tell', () => {
  /** Bookings that name two people and two moments. */
  function bookings(): string {
    const rows = Array.from({ length: 600 }, (_, row) => {
      const [made, held] = [0, 5].map((days) =>
        new Date(Date.UTC(2026, 0, 1 + days) + row * 3_000_000).toISOString(),
      )
      return [`c${row % 40}`, `m${(row * 7) % 30}`, made, held, row % 5 === 0 ? 'yes' : 'no']
    })
    return write('bookings.csv', [
      'customer_id,member_id,booked_at,held_at,churned',
      ...rows.map((row) => row.join(',')),
    ])
  }

  it('refuses to guess unasked, and names the option that tells', async () => {
    const told = { kind: 'events', time: 'booked_at', name: own('gym') } as const
    await expect(initProject([bookings()], told)).rejects.toThrow(
      /Which column names the user\? It may be customer_id, member_id.*--user.*--yes takes customer_id/,
    )
    expect(existsSync(own('gym'))).toBe(false)
  })

  it('takes what is told before what columns look like, and says so', async () => {
    const path = bookings()
    const told = { kind: 'events', user: 'member_id', time: 'held_at', name: own('gym') } as const
    await initProject([path], told)
    expect(said).toMatch(/user +member_id +as told/)
    expect(said).toMatch(/time +held_at +as told/)
    const { data } = await open('gym', path)
    // Those who left are events of their own.
    expect([data.userCount, data.eventCount, data.span?.startMs]).toEqual([
      30,
      600 + 120,
      Date.UTC(2026, 0, 6),
    ])
  })

  it('makes a table of a log where that is told, and a log of what looks like none', async () => {
    const path = bookings()
    await initProject([path], { kind: 'table', label: 'churned', name: own('rows'), yes: true })
    expect((await open('rows', path)).project.events).toEqual({})
    const once = write('once.csv', [
      'who,day,note',
      ...Array.from({ length: 300 }, (_, row) => `w${row % 290},2026-0${1 + (row % 5)}-11,n${row}`),
    ])
    await initProject([once], { kind: 'events', user: 'who', name: own('once'), yes: true })
    expect((await open('once', once)).data).toMatchObject({ userCount: 290, eventCount: 300 })
  })

  it.each([
    [{ user: 'costumer_id' }, /no column 'costumer_id' \(--user\); .*Is it 'customer_id'\?/],
    [{ time: 'member_id' }, /'member_id' \(--time\) holds no times that are known as such, as 'm0'/],
  ])('refuses what is told wrongly: %j', async (told, message) => {
    await expect(initProject([bookings()], { ...told, yes: true, name: own('no') })).rejects.toThrow(message)
    expect(existsSync(own('no'))).toBe(false)
  })
})

describe.skipIf(!existsSync(dataFolder))('presage init, on public data sets', () => {
  it.each([
    ['online-shoppers', 12_330, 0],
    ['iranian-churn', 3_150, 0],
    ['bank-marketing', 41_188, 0],
    ['womens-clothing-reviews', 23_486, 0],
    ['wikipedia-edits', 8_227, 157_691],
    ['trivago', 6_593, 100_003],
    ['ml-latest-small', 610, 104_519],
    ['lastfm', 1_090, 52_551],
    ['amazon-beauty', 22_363, 198_502],
  ])(
    'writes a project that reads every row of %s',
    async (name, users, events) => {
      const path = join(dataFolder, name)
      await initProject([path], { yes: true, name: own(`my-${name}`) })
      const { data } = await open(`my-${name}`, path)
      expect([data.userCount, data.eventCount]).toEqual([users, events])
    },
    60_000,
  )
})

describe('identifierOf and taskWord', () => {
  it('make names of columns in any script of Latin letters', () => {
    expect(['Größe', 'Call  Failure', 'emp.var.rate', 'age', '2nd'].map(identifierOf)).toEqual([
      'grosse',
      'callFailure',
      'empVarRate',
      'age',
      'n2nd',
    ])
    expect(['gekündigt', 'clickout item', '30'].map(taskWord)).toEqual([
      'gekundigt',
      'clickoutItem',
      'event30',
    ])
  })
})

describe('projectNameOf', () => {
  it('makes a name of a file or a folder', () => {
    const paths = [
      'a/Online_Shoppers.csv.gz',
      'b/userLog',
      '2025 orders.csv',
      'export[1].csv',
      '123.csv',
      'Große_Käufe.csv',
    ]
    expect(paths.map(projectNameOf)).toEqual([
      'online-shoppers',
      'user-log',
      'orders',
      'export-1',
      'data',
      'grosse-kaufe',
    ])
  })
})

describe('presage check', () => {
  it('reads and reports, and trains nothing', async () => {
    const path = write('table.csv', visitsTable().trim().split('\n'))
    const args = ['check', 'online-shoppers', '--data', path]
    const { code, stdout } = await runPresage(args, { home: folder })
    expect(code).toBe(0)
    expect(stdout).toContain('table.csv: 400 rows, 400 labelled rows')
    expect(existsSync(join(folder, 'online-shoppers/bundles'))).toBe(false)
    const json = jsonOf(await runPresage([...args, '--json'], { home: folder }))
    expect(json).toMatchObject({ project: 'online-shoppers', users: 400 })
  })
})
