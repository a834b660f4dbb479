// What docs/your-data.md shows, read as its reader would use it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type * as declaring from '../../features/project.ts'
import { openDataSet } from '../../training/data/open-data-set.ts'
import { describeDataFault } from '../../training/data/data-fault.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/your-data.md'), 'utf8')

/** The blocks of code of the page, by what stands behind the opening fence. */
const blocks = new Map(
  [...page.matchAll(/^```(.+)\n([^]*?)^```$/gm)].map(([, name = '', text = '']) => [name, text]),
)

/** What the module that the page tells to write exports. */
async function projectOfPage(folder: string): Promise<ReturnType<typeof declaring.defineProject>> {
  const features = join(import.meta.dirname, '../../features/project.ts')
  const path = join(folder, 'gym.ts')
  writeFileSync(path, (blocks.get('ts') ?? '').replace('../features/project.ts', features))
  const { gym } = (await import(path)) as { gym: ReturnType<typeof declaring.defineProject> }
  return gym
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
