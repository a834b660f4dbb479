import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../features/project.ts'
import { createHistoryNumbers, historyNumberNames } from '../../features/windows.ts'
import { NOW_MS, buildEvent } from './generated.ts'

const spec = { eventTypes: ['view', 'purchase'], valueTypes: ['purchase'], windowsMs: [DAY_MS, 7 * DAY_MS] }
const names = historyNumberNames(spec)
const numbersOf = createHistoryNumbers(spec)

function named(history: Parameters<typeof numbersOf>[0]): Record<string, number> {
  const numbers = numbersOf(history, NOW_MS)
  return Object.fromEntries(names.map((name, index) => [name, numbers[index] ?? Number.NaN]))
}

describe('history numbers', () => {
  const history = [
    buildEvent({ id: 'a', type: 'purchase', value: 5, occurredAt: NOW_MS - 10 * DAY_MS }),
    buildEvent({ id: 'b', type: 'view', occurredAt: NOW_MS - 2 * DAY_MS }),
    buildEvent({ id: 'c', type: 'purchase', value: 7, occurredAt: NOW_MS - 7 * DAY_MS }),
    buildEvent({ id: 'd', type: 'view', occurredAt: NOW_MS - 3_600_000 }),
  ].toSorted((a, b) => a.occurredAt - b.occurredAt)

  it('count the events of each type in each window, its far edge included', () => {
    const numbers = named(history)
    expect(numbers['count:view:1d']).toBeCloseTo(Math.log1p(1))
    expect(numbers['count:view:7d']).toBeCloseTo(Math.log1p(2))
    expect(numbers['count:purchase:7d']).toBeCloseTo(Math.log1p(1))
    expect(numbers['count:purchase:all']).toBeCloseTo(Math.log1p(2))
    expect(numbers['count:any:all']).toBeCloseTo(Math.log1p(4))
  })

  it('sum values, and give rates a day over the time that is covered', () => {
    const numbers = named(history)
    expect(numbers['sum:purchase:7d']).toBeCloseTo(Math.log1p(7))
    expect(numbers['sum:purchase:all']).toBeCloseTo(Math.log1p(12))
    expect(numbers['rate:any:all']).toBeCloseTo(Math.log1p(4 / 10))
    expect(numbers['rate:view:7d']).toBeCloseTo(Math.log1p(2 / 7))
  })

  it('tell how active somebody was when last seen, however long ago that is', () => {
    const lastOf = (numbers: Record<string, number>) =>
      Object.fromEntries(Object.entries(numbers).filter(([name]) => name.startsWith('last:')))
    expect(lastOf(named(history))).toEqual({
      'last:any:1d': Math.log1p(1),
      'last:any:7d': Math.log1p(3),
      'last:view:1d': Math.log1p(1),
      'last:view:7d': Math.log1p(2),
      'last:purchase:1d': 0,
      'last:purchase:7d': Math.log1p(1),
    })
    const earlier = history.map((event) => ({ ...event, occurredAt: event.occurredAt - 90 * DAY_MS }))
    expect(lastOf(named(earlier))).toEqual(lastOf(named(history)))
    expect(named(earlier)['count:any:7d']).toBe(0)
  })

  it('tell how long ago the latest event of each type was, and that there was none', () => {
    const numbers = named(history)
    expect(numbers['recency:view']).toBeCloseTo(Math.log1p(3_600))
    expect(numbers['recency:purchase']).toBeCloseTo(Math.log1p(7 * 86_400))
    expect(named([])['recency:view']).toBeGreaterThan(Math.log1p(366 * 86_400))
  })

  it('are named one by one', () => {
    expect(numbersOf([], NOW_MS)).toHaveLength(names.length)
    expect(new Set(names).size).toBe(names.length)
  })
})
