// What docs/your-data.md shows, read as its reader would use it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type * as declaring from '../../features/project.ts'
import type { UserRecord } from '../../training/data/data-set.ts'
import { openDataSet } from '../../training/data/open-data-set.ts'
import type { Warning } from '../../training/inspect/shape.ts'
import { describeDataFault } from '../../training/data/data-fault.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/your-data.md'), 'utf8')

/** The blocks of code of the page, by what stands behind the opening fence. */
const blocks = new Map(
  [...page.matchAll(/^```(.+)\n([^]*?)^```$/gm)].map(([, name = '', text = '']) => [name, text]),
)

type AnyProject = ReturnType<typeof declaring.defineProject>

/** What the module that the page tells to write exports. */
async function projectOfPage(folder: string, block = 'ts', name = 'gym'): Promise<AnyProject> {
  const features = join(import.meta.dirname, '../../features/project.ts')
  const path = join(folder, `${name}.ts`)
  writeFileSync(path, (blocks.get(block) ?? '').replace('../features/project.ts', features))
  const project = ((await import(path)) as Record<string, AnyProject>)[name]
  if (project === undefined) throw new Error(`the page shows no project ${name}`)
  return project
}

/** Users of an example of the page, read from its files by its project. */
async function readExample(name: string): Promise<UserRecord[]> {
  const folder = mkdtempSync(join(tmpdir(), 'presage-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const project = await projectOfPage(folder, `ts ${name}`, name)
  for (const [block, text] of blocks) {
    const file = block.split(`csv ${name}/`)[1]
    if (file !== undefined) writeFileSync(join(folder, file), text)
  }
  const opened = await openDataSet({ project, path: folder, skipBadRows: false, nowMs: Date.now() })
  if (!opened.ok) throw new Error(describeDataFault(opened.reason))
  onTestFinished(() => opened.value.close())
  expect(opened.value.notes).toEqual([])
  return Array.fromAsync(opened.value.users())
}

/** The keys in the first column of the table under a line of the page. */
function keysUnder(line: string): string[] {
  const [, after = ''] = page.split(`\n${line}\n`)
  const [table = ''] = after.split('\n## ')
  const cells = [...table.matchAll(/^\| (`[^|]*)\|/gm)].map(([, cell = '']) => cell)
  return cells.flatMap((cell) => [...cell.matchAll(/`([\w ]+)`/g)].map(([, key = '']) => key))
}

/** The keys of interfaces of features/source.ts. */
function keysOf(interfaces: readonly string[]): string[] {
  const source = readFileSync(join(import.meta.dirname, '../../features/source.ts'), 'utf8')
  return interfaces.flatMap((name) => {
    const [, body = ''] = new RegExp(`interface ${name}\\b[^{]*\\{\n([^]*?)\n\\}`).exec(source) ?? []
    return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, key = '']) => key)
  })
}

it('shows a project and files that belong together', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'presage-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const project = await projectOfPage(folder)
  for (const name of ['events.csv', 'users.csv', 'questions.csv']) {
    writeFileSync(join(folder, name), blocks.get(`csv ${name}`) ?? '')
  }
  const opened = await openDataSet({ project, path: folder, skipBadRows: false, nowMs: Date.now() })
  if (!opened.ok) throw new Error(describeDataFault(opened.reason))
  const users = []
  for await (const user of opened.value.users()) users.push(user)
  opened.value.close()
  expect(opened.value.notes).toEqual([])
  expect(opened.value.undated).toEqual([])
  expect(
    users.map(({ userId, versions, events, questions }) => [
      userId,
      versions.map(({ attributes }) => attributes['plan']),
      events.map(({ type }) => type),
      questions.map(({ labels }) => labels),
    ]),
  ).toEqual([
    ['ann', ['free', 'premium'], ['visit', 'pay'], [{ recommends: 'yes' }]],
    ['bob', ['free'], [], []],
  ])
})

it('names verbs and options that there are', () => {
  const lines = [...page.matchAll(/^ {4}npx presage (\w+) (.*?)(?: +#.*)?$/gm)]
  expect(lines.length).toBeGreaterThan(5)
  for (const [, verb = '', rest = ''] of lines) {
    const source = [
      `verbs/${verb}.ts`,
      'terminal/data-option.ts',
      'terminal/service-option.ts',
      'exports/data-from.ts',
    ]
      .map((file) => readFileSync(join(import.meta.dirname, '../../cli', file), 'utf8'))
      .join('\n')
    for (const [option] of rest.matchAll(/--[\w-]+/g)) expect(source).toContain(`'${option} `)
    if (verb === 'key') expect(source).toContain(`command('${rest.split(' ')[0] ?? ''}')`)
  }
})

it('shows orders of a shop with versions of its customers', async () => {
  const users = await readExample('shop')
  expect(
    users.map(({ userId, versions, events }) => [
      userId,
      versions.map(({ attributes }) => attributes['plan']),
      events.map(({ itemId, value }) => [itemId, value]),
    ]),
  ).toEqual([
    [
      'c7',
      ['basic', 'plus'],
      [
        ['tea', 9],
        ['cup', 9],
      ],
    ],
    ['c9', ['basic'], [['cup', 36]]],
  ])
})

it('shows the log of a course with labels in a second file', async () => {
  const users = await readExample('course')
  expect(
    users.map(({ userId, events, questions }) => [
      userId,
      events.map(({ type }) => type),
      questions.map(({ labels }) => labels),
    ]),
  ).toEqual([
    ['s1', ['view', 'quiz'], [{ passes: 'yes' }]],
    ['s2', ['view', 'post'], [{ passes: 'no' }]],
  ])
  // Vienna is an hour ahead of UTC in March.
  expect(users[0]?.events[0]?.occurredAt).toBe(Date.UTC(2026, 2, 2, 8))
})

it('shows a table of subscriptions, one of them not known yet', async () => {
  const users = await readExample('subscriptions')
  expect(
    users.map(({ userId, versions, questions }) => [
      userId,
      versions[0]?.attributes['price'],
      questions.map(({ labels }) => labels),
    ]),
  ).toEqual([
    ['sub-1', 29.9, [{ churned: 'no' }]],
    ['sub-2', 9.9, [{ churned: 'yes' }]],
    ['sub-3', 29.9, expect.anything()],
  ])
})

it('names every key of a source, and no other', () => {
  const mappings = [
    'Reading',
    'FileSource',
    'EventColumns',
    'VersionColumns',
    'QuestionColumns',
    'EventLogSource',
    'TableSource',
  ]
  const named = keysUnder('## Every key of `source`')
  expect(named.toSorted()).toEqual([...new Set(keysOf(mappings))].toSorted())
})

it('says what each warning of init means, and of no other', () => {
  const kinds: Record<Warning['kind'], true> = {
    leak: true,
    afterwards: true,
    only_for_one: true,
    id_like: true,
    near_empty: true,
    constant: true,
    undated: true,
    name: true,
    other: true,
  }
  const named = keysUnder('## What `init` warns of')
  expect(named.toSorted()).toEqual(
    Object.keys(kinds)
      .map((kind) => kind.replaceAll('_', ' '))
      .toSorted(),
  )
})
