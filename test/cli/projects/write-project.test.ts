// What init writes, read by what it wrote.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { writeProject } from '../../../cli/projects/write-project.ts'
import { missingMarks } from '../../../features/missing.ts'
import type { Project } from '../../../features/project.ts'
import { inspect } from '../../../training/inspect/inspect.ts'
import type { InspectRequest } from '../../../training/inspect/inspect.ts'
import { createDataFolder } from '../../training/data/data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

/** The project that init writes for a file, as it is loaded. */
async function projectFor(path: string, told: Omit<InspectRequest, 'paths'> = {}): Promise<Project> {
  const inspected = await inspect({ ...told, paths: [path] })
  if (!inspected.ok) throw new Error(JSON.stringify(inspected.reason))
  const featuresPath = join(import.meta.dirname, '../../../features/project.ts')
  const text = writeProject({ inspection: inspected.value, name: 'own', featuresPath, namesFiles: false })
  // A module is loaded once for each name.
  const file = `${path}.project.ts`
  writeFileSync(file, text)
  return ((await import(pathToFileURL(file).href)) as { own: Project }).own
}

it('takes for missing what reading takes for it, in every column', async () => {
  const marks = missingMarks(undefined).value
  const rows = Array.from({ length: 600 }, (_, row) => {
    const mark = row % 5 === 0 ? (marks[(row / 5) % marks.length] ?? '') : undefined
    const user = row % 7 === 0 && mark !== undefined ? mark : `u${row % 40}`
    const day = new Date(Date.UTC(2025, 0, 1) + row * 7_200_000).toISOString()
    return [user, mark ?? `p${row % 13}`, mark ?? String(20 + (row % 9) / 2), day].join(',')
  })
  const path = folder.write('visits.csv', ['user_id,product_id,price,time', ...rows].join('\n'))
  const project = await projectFor(path)
  const { users, report } = await folder.read(path, { project })
  const events = users.flatMap((user) => user.events)
  const items = new Set(events.map(({ itemId }) => itemId))
  expect(items.size).toBe(14)
  expect(items).toContain('no item')
  expect(users.map(({ userId }) => userId).every((id) => /^u\d+$/.test(id))).toBe(true)
  expect(report.files).toMatchObject([{ rows: 600, skipped: [] }])
  expect(report.files[0]?.unused).toBe(rows.filter((row) => !row.startsWith('u')).length)
})

it('takes lists of as many numbers each for a vector, and those of other lengths for none', async () => {
  const rows = Array.from({ length: 60 }, (_, row) => {
    const vector = Array.from({ length: 300 }, (_x, place) => (row + place) / 7)
    const lists = [row % 9 === 0 ? '' : `[${vector.join(', ')}]`, `[${vector.slice(row % 5).join(', ')}]`]
    return [row % 3 === 0 ? 'yes' : 'no', ...lists.map((list) => `"${list}"`), 20 + (row % 9)].join(',')
  })
  const path = folder.write('vectors.csv', ['bought,meaning,ragged,age', ...rows].join('\n'))
  const project = await projectFor(path)
  expect(project.user?.['meaning']).toEqual({ kind: 'vector', length: 300 })
  expect(project.user?.['ragged']?.kind).not.toBe('vector')
  const { users } = await folder.read(path, { project })
  expect(users.filter((user) => JSON.stringify(user).includes('int8:'))).toHaveLength(53)
})

/** A log of 900 events of 30 users, each row by its number. */
function logOf(header: string, rowOf: (row: number) => string): string {
  const rows = Array.from({ length: 900 }, (_, row) => {
    const at = new Date(Date.UTC(2025, 0, 1) + row * 3 * 3_600_000).toISOString()
    return `u${(row * 7) % 30},${at},${rowOf(row)}`
  })
  return [`user_id,time,${header}`, ...rows].join('\n')
}

it('asks nothing twice of a log in which one type is nearly all there is', async () => {
  const path = folder.write(
    'mostly.csv',
    logOf('event', (row) => (row % 300 === 0 ? 'click' : 'view')),
  )
  const tasks = Object.values((await projectFor(path)).tasks)
  expect(tasks.map(({ kind }) => kind)).toEqual(['absent'])
})

it('asks for what a team is after by whole words, and for the rarest type where there is none', async () => {
  const kinds = ['view', 'change_sort_order', 'view', 'bookmark', 'view', 'share', 'view', 'payload', 'share']
  const path = folder.write(
    'kinds.csv',
    logOf('event', (row) => (row % 90 === 0 ? 'order' : (kinds[row % 9] ?? ''))),
  )
  const { tasks } = await projectFor(path)
  expect(Object.values(tasks)).toContainEqual(expect.objectContaining({ kind: 'occurs', type: 'order' }))
  expect(Object.values(tasks).filter(({ kind }) => kind === 'occurs')).toHaveLength(1)
})

it.each([
  ['amount', 'total'],
  ['rating', 'count'],
  ['score', 'count'],
])('adds up %s only if it is an amount: %s', async (column, kind) => {
  const path = folder.write(
    `${column}.csv`,
    logOf(`item_id,${column}`, (row) => `i${row % 11},${(row % 5) + 0.5}`),
  )
  const { tasks } = await projectFor(path)
  expect(Object.values(tasks).map((task) => task.kind)).toContain(kind)
  if (kind === 'count') expect(Object.values(tasks).map((task) => task.kind)).not.toContain('total')
})

it('writes code of its own alone, whatever columns and values are called', async () => {
  const breaks = ['\n', '\r', '\u2028', '\u2029']
  const name = (of: string): string =>
    `${of} ${breaks.map((end) => `${end}globalThis.written = '${of}' //`).join(' ')} */ \` ' " \\ \${1}`
  const rows = Array.from({ length: 80 }, (_, row) => ({
    [name('number')]: row % 11,
    [name('told')]: row % 2,
    [name('word')]: name(['a', 'b'][row % 3 === 0 ? 0 : 1] ?? ''),
    [name('label')]: name(row % 2 === 0 ? 'yes' : 'no'),
  }))
  const path = folder.write('hostile.json', JSON.stringify(rows))
  const project = await projectFor(path, { label: name('label') })
  expect(Reflect.get(globalThis, 'written')).toBeUndefined()
  expect(Object.values(project.tasks)).toMatchObject([{ values: [name('no'), name('yes')] }])
  const { users } = await folder.read(path, { project })
  expect(users).toHaveLength(80)
})
