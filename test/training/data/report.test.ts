// The report of what was read: what it counts, and as lines.
import { afterAll, describe, expect, it } from 'vitest'
import { defineProject, label, number } from '../../../features/project.ts'
import { FEATURE_SIZES } from '../../../training/learn/feature-sizes.ts'
import { describeReport, NO_FILES } from '../../../training/data/report/report.ts'
import { createDataFolder } from './data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

describe('the table of a report', () => {
  it('fits 80 columns, whatever the names and however many rows', () => {
    const attribute = {
      name: `user.${'x'.repeat(200)}`,
      kind: 'category' as const,
      rows: 1e9,
      present: 1e9,
      distinct: 1e9,
      unknown: { rows: 1, rareValues: 1, excessValues: 0 },
    }
    const span = { from: '2018-11-07T00:02:19.000Z', until: '2018-11-08T23:59:42.000Z' }
    const lines = describeReport({ ...NO_FILES, ...span, users: 1e12, items: 1e12, attributes: [attribute] })
    expect(lines).toHaveLength(4)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  })
})

describe('what a report says of a category', () => {
  it('counts as known what enough users know, not what enough rows say', async () => {
    const { countMin } = FEATURE_SIZES.categories
    const known = Array.from({ length: countMin }, (_, user) => `u${user},phone`)
    const rare = Array.from({ length: 10 * countMin }, (_, row) => `u${row % (countMin - 1)},tablet`)
    const rows = [...known, ...rare, 'u0,'].map((row, second) => {
      const [user = '', device = ''] = row.split(',')
      return `e${second},search,${user},2025-01-01T00:00:${String(second % 60).padStart(2, '0')}Z,${device}`
    })
    const path = folder.write('log.csv', ['id,type,userId,occurredAt,device', ...rows].join('\n'))
    const { report } = await folder.read(path)
    expect(report.attributes.find(({ name }) => name === 'context.device')).toMatchObject({
      rows: 11 * countMin + 1,
      present: 11 * countMin,
      distinct: 2,
      unknown: { rows: 10 * countMin, rareValues: 1, excessValues: 0 },
    })
  })
})

describe('what a report says of a label', () => {
  const labelled = defineProject({
    name: 'labelled',
    user: { age: number() },
    tasks: { renews: label(['no', 'yes', 'later']) },
  })
  const read = async (labels: readonly string[]) => {
    const rows = labels.map((said, row) => `${20 + row},${said}`)
    const path = folder.write('table.csv', ['age,renews', ...rows].join('\n'))
    const { report } = await folder.read(path, { project: labelled })
    return { ...report, lines: describeReport(report) }
  }
  const times = (count: number, said: string) => Array.from({ length: count }, () => said)

  it('counts every class that is declared, and tells their shares', async () => {
    const { labels, lines, warnings } = await read([
      ...times(60, 'no'),
      ...times(30, 'yes'),
      ...times(10, ''),
    ])
    expect(labels).toEqual([
      {
        task: 'renews',
        classes: [
          { name: 'no', rows: 60 },
          { name: 'yes', rows: 30 },
          { name: 'later', rows: 0 },
        ],
      },
    ])
    expect(lines).toContain('renews, 90 rows:')
    expect(lines).toContain('  no 66.7 %, yes 33.3 %, later 0.0 %')
    expect(warnings.map(({ code, text }) => `${code} ${text}`)).toContain(
      "rare_class renews: hardly any rows say 'later' (0)",
    )
  })

  it('warns where all rows say the same', async () => {
    const { warnings } = await read(times(50, 'yes'))
    expect(warnings.map(({ code }) => code)).toContain('one_class')
  })
})
