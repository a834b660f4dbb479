// What an expression of a mapping may ask for: the cells of its row. Files of whoever reads stay unread.
import { existsSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { createDataFolder, shop } from './data-folder.ts'
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
