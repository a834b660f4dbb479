// The report of what was read: what it counts, and as lines.
import { afterAll, describe, expect, it } from 'vitest'
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
