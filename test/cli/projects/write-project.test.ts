// What init writes, read by what it wrote.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { writeProject } from '../../../cli/projects/write-project.ts'
import { missingMarks } from '../../../features/missing.ts'
import type { Project } from '../../../features/project.ts'
import { inspect } from '../../../training/inspect/inspect.ts'
import { createDataFolder } from '../../training/data/data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

/** The project that init writes for a file, as it is loaded. */
async function projectFor(path: string): Promise<Project> {
  const inspected = await inspect({ paths: [path] })
  if (!inspected.ok) throw new Error(JSON.stringify(inspected.reason))
  const featuresPath = join(import.meta.dirname, '../../../features/project.ts')
  const text = writeProject({ inspection: inspected.value, name: 'own', featuresPath, namesFiles: false })
  const file = join(folder.path, 'own.project.ts')
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
