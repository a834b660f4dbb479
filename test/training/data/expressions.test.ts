// What an expression of a mapping may ask for: the cells of its row. Files of whoever reads stay unread.
import { existsSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { createDataFolder, labelledShop, shop } from './data-folder.ts'
import type { Project } from '../../../features/project.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

const path = folder.write('log.csv', 'who,when\nann,2025-01-01\n')
const secret = folder.write('secret.csv', 'word\nhunter2\n')

function faultOf(part: 'userId' | 'where', expression: string): Promise<string> {
  const events = [{ type: `'search'`, userId: 'who', occurredAt: '"when"', [part]: expression }]
  const project: Project = { ...shop, source: { kind: 'events', events } }
  return folder.faultOf(path, { project })
}

describe('an expression', () => {
  it.each([
    ['userId', `(select word from read_csv('${secret}'))`],
    ['userId', `(select content from read_text('/etc/passwd'))`],
    ['userId', `who) from read_csv('${secret}') where (true`],
    ['userId', `who) union all (select word from read_csv('${secret}')`],
    ['where', `exists (from read_csv('${secret}') where word = 'hunter2')`],
    ['where', `who in (select word from '${secret}')`],
  ] as const)('%s that reads more than its row is refused by its key: %s', async (part, expression) => {
    const fault = await faultOf(part, expression)
    expect(fault).toBe(
      `${path}: events[0].${part} is ${expression}: it must be computed from the cells of one row, and reads nothing else`,
    )
  })

  it.each([
    `who); drop table raw_events_0; select (who`,
    `who); copy (select 1) to '${folder.path}/made.csv'; select (1`,
  ])('that is several statements is refused, and none is run: %s', async (expression) => {
    expect(await faultOf('userId', expression)).toContain('events[0].userId is')
    expect(existsSync(`${folder.path}/made.csv`)).toBe(false)
  })

  it.each([
    'random()::varchar',
    'who || uuid()',
    'date_diff(\'day\', "when"::timestamp, now())::varchar',
    'current_date::varchar',
    'ago(interval 1 day)::varchar',
    'sleep_ms(1)',
  ])('that gives another value at each reading is refused: %s', async (expression) => {
    expect(await faultOf('userId', expression)).toMatch(/'\w+' gives another value at each reading/)
  })

  it.each(['columns(*)', 'who) order by (who', 'who) group by (who', 'who) where (true', 'who\0'])(
    'that is more than one value of a row is refused by its key: %j',
    async (expression) => {
      const fault = await faultOf('userId', expression)
      expect(fault).toContain('events[0].userId is')
      expect(fault).not.toMatch(/Parser|Binder|Error/)
    },
  )

  it.each([
    'strftime("when"::date, \'%Y\') || \'"function_name":"now"\'',
    'upper(who)',
    "who || 'select'",
    "list_transform([who], lambda x: x || '!')[1]",
    'who -- the user',
  ])('of its row is computed: %s', async (expression) => {
    expect(await faultOf('userId', expression)).toBe('no fault')
  })
})

describe('a condition that cannot be computed of a row', () => {
  const where = 'score::integer > 3'
  const rows = 'who,when,score,plan\nann,2025-01-01,5,a\nbob,2025-01-02,many,b\ncid,2025-01-03,1,c\n'
  const events = { file: 'log.csv', type: `'search'`, userId: 'who', occurredAt: '"when"' }
  const users = { file: 'users.csv', id: 'who', knownAt: '"when"', attributes: { age: 'score' } }
  const questions = { userId: 'who', at: '"when"', labels: { churned: `'yes'`, rating: `'good'` }, where }
  const member = { ...events, each: '[who]', userId: 'each' }
  it.each<[string, Project['source']]>([
    ['events.csv', { kind: 'events', events: [{ ...events, where, file: 'events.csv' }] }],
    ['each.csv', { kind: 'events', events: [{ ...member, where, file: 'each.csv' }] }],
    ['users.csv', { kind: 'events', events: [events], users: { ...users, where } }],
    ['asked.csv', { kind: 'events', events: [events], questions: { ...questions, file: 'asked.csv' } }],
  ])('is the fault of that row, in whatever file: %s', async (name, source) => {
    const data = folder.writeAll(`conditions-${name}`, {
      'log.csv': rows.replace('many', '7'),
      [name]: rows,
    })
    const base = name === 'asked.csv' ? labelledShop : shop
    const project = { ...base, source } as Project
    expect(await folder.faultOf(data, { project })).toMatch(
      /: 1 bad row .*\n {2}line 3: where: expected a condition that can be computed of each row.*, found 'many'$/,
    )
    const { skippedCount } = await folder.read(data, { project, skipBadRows: true })
    expect(skippedCount).toBe(1)
  })
})

describe('a file that is not what its name says', () => {
  it.each(['rows.parquet', 'rows.json', 'rows.csv.gz'])(
    'is refused without a word of the database: %s',
    async (name) => {
      const fault = await folder.faultOf(folder.write(name, '[{"id": 1} no such file'))
      expect(fault).toContain(`${name}: `)
      expect(fault).not.toMatch(/Binder|Exception|Invalid Input|\bError\b/)
    },
  )
})
