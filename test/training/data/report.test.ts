// The report of what was read, as lines.
import { describe, expect, it } from 'vitest'
import { describeReport, NO_FILES } from '../../../training/data/report/report.ts'

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
