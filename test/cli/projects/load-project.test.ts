import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyCheckout } from '../checkout.ts'
import { runPresage } from '../run-presage.ts'
import type { Ended } from '../run-presage.ts'

let folder: string
let root: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'presage-test-'))
  root = copyCheckout(join(folder, 'checkout'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const IMPORT = `import { absent, defineProject } from 'FEATURES'`

/** A declaration of a project of this name, in a file of this path below the folder. */
function declare(path: string, options: { readonly name?: string; readonly text?: string } = {}): string {
  const { name = 'gym' } = options
  const body = `export const own = defineProject({
  name: '${name}',
  events: { visit: {} },
  tasks: { leaves: absent({ withinDays: 14 }) },
})`
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  const text = options.text ?? `${IMPORT}\n${body}\n`
  writeFileSync(file, text.replace('FEATURES', join(root, 'features/project.ts')))
  return file
}

/** A verb that needs the project, and fails later, for there is no such data. */
function check(project: string): Promise<Ended> {
  return runPresage(['check', project, '--data', join(folder, 'nowhere.csv')], {
    home: join(folder, 'home'),
    root,
  })
}

const READ = /^presage: .*nowhere\.csv: no such file.*\n$/

describe('a project of the checkout', () => {
  it('is the file of its name in projects/, as soon as it is there', async () => {
    declare('checkout/projects/gym-visits.ts', { name: 'gym-visits' })
    expect((await check('gym-visits')).stderr).toMatch(READ)
  })

  it('that is wrong is told in one line, and hinders no other', async () => {
    declare('checkout/projects/broken.ts', { text: 'export const broken = defineProject({' })
    const [own, other, help] = await Promise.all([
      check('broken'),
      check('shop'),
      runPresage(['train', '--help'], { home: join(folder, 'home'), root }),
    ])
    expect(own.stderr).toMatch(/^presage: .*projects\/broken\.ts(:1)?: .+\n$/)
    expect(own.code).toBe(1)
    expect(other.stderr).toMatch(READ)
    expect(help.code).toBe(0)
  })

  it('that is not there is told with those that are, and the one that may be meant', async () => {
    const { stderr } = await check('finanse')
    expect(stderr).toMatch(/^presage: There is no project 'finanse'; .*trivago.* Is it 'finance'\?\n$/)
  })
})

describe('a project outside the checkout', () => {
  it.each(['gym.ts', 'gym.project.ts', 'with blanks/gym.project.ts'])(
    'is read by its path, with no package.json beside it and no warning: %s',
    async (path) => {
      expect((await check(declare(`one/${path}`))).stderr).toMatch(READ)
      renameSync(join(folder, 'one'), join(folder, `moved from ${path.replaceAll('/', ' ')}`))
    },
  )

  it('is read whatever kind of package it lies in', async () => {
    const file = declare('common/club.ts', { name: 'club' })
    writeFileSync(join(folder, 'common/package.json'), '{ "type": "commonjs" }')
    expect((await check(file)).stderr).toMatch(READ)
  })

  it.each<[string, { readonly name?: string; readonly text?: string }, RegExp]>([
    [
      'named otherwise',
      { name: 'hotel' },
      /its project is named 'hotel', but the file is called after 'odd'/,
    ],
    ['empty', { text: '' }, /it exports no project: write/],
    ['of another language', { text: 'export const = 3' }, /.+/],
    ['not erasable', { text: "import { x } from './x.ts'\nexport enum A { B }" }, /.+/],
    [
      'with an import that is not there',
      { text: `import { defineProject } from './nowhere.ts'` },
      /Cannot find module/,
    ],
    [
      'with a function that is not there',
      { text: `import { defineProjects } from 'FEATURES'` },
      /does not provide an export named 'defineProjects'/,
    ],
    [
      'with two projects',
      {
        text: `${IMPORT}
const tasks = { leaves: absent({ withinDays: 14 }) }
export const a = defineProject({ name: 'odd', events: { visit: {} }, tasks })
export const b = defineProject({ name: 'even', events: { visit: {} }, tasks })`,
      },
      /it exports several projects \(odd, even\)/,
    ],
    [
      'with a horizon that is none',
      { text: `${IMPORT}\nexport const tasks = {\n  leaves: absent({ withinDays: -1 }),\n}` },
      /odd\.ts:3: A horizon must be a positive length of time/,
    ],
  ])('%s is refused in one line that names the file', async (_name, options, message) => {
    const { code, stdout, stderr } = await check(declare('odd.ts', options))
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^presage: .*odd\.ts(:\d+)?: .+\n$/)
    expect(stderr).toMatch(message)
  })

  it("is refused where its name is another's", async () => {
    const second = await check(declare('shop.ts', { name: 'shop' }))
    expect(second.stderr).toMatch(/shop\.ts would be another project 'shop' beside projects\/shop\.ts/)
    const first = declare('a/bank.ts', { name: 'bank' })
    expect((await check(first)).stderr).toMatch(READ)
    const other = await check(declare('b/bank.ts', { name: 'bank' }))
    expect(other.stderr).toMatch(/a\/bank\.ts is a project 'bank' already/)
    rmSync(first)
    expect((await check(join(folder, 'b/bank.ts'))).stderr).toMatch(READ)
  })

  it('is not taken for one where its file could name none', async () => {
    expect((await check('./My_Project.ts')).stderr).toMatch(/My_Project\.ts cannot name a project/)
    expect((await check('./nowhere.ts')).stderr).toMatch(/There is no file \.\/nowhere\.ts/)
  })
})
