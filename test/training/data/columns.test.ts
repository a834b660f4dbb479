import { afterAll, describe, expect, it } from 'vitest'
import { category, defineProject, label, number } from '../../../features/project.ts'
import type { Project } from '../../../features/project.ts'
import type { TableSource } from '../../../features/source.ts'
import { createDataFolder } from './data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

function table(source: Omit<TableSource, 'kind' | 'labels'> = {}): Project {
  return defineProject({
    name: 'table',
    user: { age: number(), plan: category() },
    tasks: { churned: label(['yes', 'no']) },
    source: { kind: 'table', labels: { churned: 'churned' }, ...source },
  })
}

async function firstRow(content: string, { project = table(), name = 'rows.csv' } = {}): Promise<unknown> {
  const { users } = await folder.read(folder.write(name, content), { project })
  return users[0]?.versions[0]?.attributes
}

async function faultOf(content: string, project: Project): Promise<string> {
  const path = folder.write('faulty.csv', content)
  return (await folder.faultOf(path, { project })).replace(path, 'FILE')
}

describe('a column', () => {
  it('is found in any letter case', async () => {
    expect(await firstRow('AGE,Plan,Churned\n30,free,yes\n')).toEqual({ age: 30, plan: 'free' })
  })

  it.each(['Customer Age', 'customer.age', 'count(*)', 'select', "it's", '"quoted"', 'größe', '1st'])(
    'is found by its name, whatever letters are in it: %s',
    async (name) => {
      const header = `"${name.replaceAll('"', '""')}",plan,churned`
      const project = table({ user: { age: name } })
      expect(await firstRow(`${header}\n30,free,yes\n`, { project })).toEqual({ age: 30, plan: 'free' })
    },
  )

  it('is chosen by its letters where two differ in case', async () => {
    const project = table({ user: { plan: 'PLAN' } })
    expect(await firstRow('plan,PLAN,age,churned\na,b,1,no\n', { project })).toEqual({ age: 1, plan: 'b' })
  })

  it('without a name, or repeated, does not matter where nobody asks for it', async () => {
    expect(await firstRow(',age,note,plan,note,churned,\n0,30,x,free,y,yes,\n')).toEqual({
      age: 30,
      plan: 'free',
    })
  })

  it('that is repeated is refused where somebody asks for it', async () => {
    expect(await faultOf('age,plan,plan,churned\n1,a,b,no\n', table())).toContain(
      "user.plan asks for 'plan', and there are 'plan' (column 2) and 'plan' (column 3)",
    )
  })

  it('is found in JSON by a path, and wherever it first appears', async () => {
    const lines = ['{"churned":"no"}', '{"who":{"AGE":7},"Plan":"free","churned":"yes"}']
    const { users } = await folder.read(folder.write('late.ndjson', lines.join('\n')), {
      project: table({ user: { age: 'who.AGE' } }),
    })
    expect(users[1]?.versions[0]?.attributes).toEqual({ age: 7, plan: 'free' })
  })
})

describe('a mapping that does not fit', () => {
  const CONTENT = 'years,plan,churned\n30,free,yes\n'
  it.each([
    ['yeers', "FILE: no column 'yeers', which user.age asks for; there are"],
    ['yeers', "is it 'years'?"],
    ['yeers::double + 1', "no column 'yeers', which user.age (yeers::double + 1) asks for"],
    ['nothing(years)', "user.age is nothing(years): there is no function 'nothing'"],
    [
      'sum(years::double)',
      'user.age is sum(years::double): it must say something of one row, not of several',
    ],
    ['years +', 'user.age is years +: it is no SQL'],
    ['years) from x; --', 'user.age is years) from x; --: it is no SQL'],
  ])('is told in words of the project: %s', async (age, words) => {
    const said = await faultOf(CONTENT, table({ user: { age } }))
    expect(said).toContain(words)
    expect(said).not.toMatch(/Binder|Parser|Catalog|LINE 1|candidate/i)
    expect(said).not.toContain('\n')
  })

  it('needs a condition for where', async () => {
    const project = table({ user: { age: 'years' }, where: 'plan' })
    expect(await faultOf(CONTENT, project)).toContain(
      "where is plan: expected a condition, as in plan = 'yes'",
    )
  })
})
