import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareEvents } from '../../features/event.ts'
import type { Event } from '../../features/event.ts'
import { DAY_MS } from '../../features/project.ts'
import { createHistoryNumbers, historyNumberNames } from '../../features/windows.ts'
import type { WindowSpec } from '../../features/windows.ts'
import { NOW_MS, anyHistory, buildEvent } from './generated.ts'

const HOUR_MS = 3_600_000
const spec: WindowSpec = {
  eventTypes: ['view', 'purchase'],
  valueTypes: ['purchase'],
  windowsMs: [DAY_MS, 7 * DAY_MS],
  counted: ['moments', 'days', 'lines'],
}
const names = historyNumberNames(spec)
const numbersOf = createHistoryNumbers(spec)

function named(history: readonly Event[]): Record<string, number> {
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

  it('count the moments of each type in each window, its far edge included', () => {
    const numbers = named(history)
    expect(numbers['moments:view:1d']).toBeCloseTo(Math.log1p(1))
    expect(numbers['moments:view:7d']).toBeCloseTo(Math.log1p(2))
    expect(numbers['moments:purchase:7d']).toBeCloseTo(Math.log1p(1))
    expect(numbers['moments:purchase:all']).toBeCloseTo(Math.log1p(2))
    expect(numbers['moments:any:all']).toBeCloseTo(Math.log1p(4))
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
    expect(named(earlier)['moments:any:7d']).toBe(0)
  })

  it('tell how long ago the latest event of each type was, and that there was none', () => {
    const numbers = named(history)
    expect(numbers['recency:view']).toBeCloseTo(Math.log1p(3_600))
    expect(numbers['recency:purchase']).toBeCloseTo(Math.log1p(7 * 86_400))
    expect(named([])['recency:view']).toBeGreaterThan(Math.log1p(366 * 86_400))
  })

  it('take the lines of one moment for one visit, and count them beside it', () => {
    const basket = (hoursAgo: number, lines: number, type = 'purchase') =>
      Array.from({ length: lines }, (_, place) =>
        buildEvent({
          id: `${hoursAgo}-${place}`,
          type,
          place,
          value: 2,
          occurredAt: NOW_MS - hoursAgo * HOUR_MS,
        }),
      )
    const numbers = named([
      ...basket(100, 10),
      ...basket(30, 7),
      buildEvent({ occurredAt: NOW_MS - HOUR_MS }),
      ...basket(1, 3),
    ])
    const counts = (of: string) =>
      ['1d', '7d', 'all'].map((window) => Math.expm1(numbers[`${of}:${window}`] ?? NaN))
    expect(counts('moments:any')).toEqual([1, 3, 3].map((count) => expect.closeTo(count)))
    expect(counts('moments:view')).toEqual([1, 1, 1].map((count) => expect.closeTo(count)))
    expect(counts('lines:any')).toEqual([4, 21, 21].map((count) => expect.closeTo(count)))
    expect(counts('lines:purchase')).toEqual([3, 20, 20].map((count) => expect.closeTo(count)))
    expect(counts('sum:purchase')).toEqual([6, 40, 40].map((sum) => expect.closeTo(sum)))
    expect(Math.expm1(numbers['rate:any:1d'] ?? NaN)).toBeCloseTo(1)
    expect(Math.expm1(numbers['last:any:7d'] ?? NaN)).toBeCloseTo(3)
  })

  it('count the days on which something happened, in windows of days', () => {
    // 22:13 of a Tuesday in UTC.
    const own = [75, 50, 49, 25, 23, 22, 2].map((hoursAgo) =>
      buildEvent({ occurredAt: NOW_MS - hoursAgo * HOUR_MS }),
    )
    expect(Math.expm1(named(own)['days:any:7d'] ?? NaN)).toBeCloseTo(4)
    expect(Math.expm1(named(own)['days:any:all'] ?? NaN)).toBeCloseTo(4)
    expect(names.filter((name) => name.startsWith('days:'))).toEqual(['days:any:7d', 'days:any:all'])
  })

  it('are for moments and days the same, however many lines a moment of one type has', () => {
    fc.assert(
      fc.property(anyHistory, fc.integer({ min: 2, max: 5 }), (events, lines) => {
        const own = events.filter(({ occurredAt }) => occurredAt <= NOW_MS).toSorted(compareEvents)
        const repeated = own.flatMap((event) => Array.from({ length: lines }, () => event))
        const once = named(own)
        for (const [name, number] of Object.entries(named(repeated))) {
          if (!/^(lines|sum):/.test(name)) expect(number, name).toBe(once[name])
        }
      }),
    )
  })

  it('count as a look at each window by itself does, whatever the order of the windows', () => {
    const windowsMs = [7 * DAY_MS, 20_000, 30 * DAY_MS]
    const other = createHistoryNumbers({ ...spec, windowsMs })
    const otherNames = historyNumberNames({ ...spec, windowsMs })
    fc.assert(
      fc.property(anyHistory, (events) => {
        const own = events.filter(({ occurredAt }) => occurredAt <= NOW_MS).toSorted(compareEvents)
        const numbers = other(own, NOW_MS)
        for (const [kind, keyOf] of [
          ['moments', ({ occurredAt }: Event) => `${occurredAt}`],
          ['days', ({ occurredAt }: Event) => `${Math.floor(occurredAt / DAY_MS)}`],
          ['lines', ({ id }: Event) => id],
        ] as const) {
          for (const [window, ms] of [
            ['7d', 7 * DAY_MS],
            ['30d', 30 * DAY_MS],
            ['20s', 20_000],
            ['all', Infinity],
          ] as const) {
            if (kind === 'days' && window === '20s') continue
            for (const group of kind === 'days' ? ['any'] : ['any', 'view', 'purchase']) {
              const inWindow = own.filter(
                ({ type, occurredAt }) => (group === 'any' || type === group) && NOW_MS - occurredAt <= ms,
              )
              const name = `${kind}:${group}:${window}`
              expect(numbers[otherNames.indexOf(name)], name).toBe(
                Math.log1p(new Set(inWindow.map(keyOf)).size),
              )
            }
          }
        }
      }),
    )
  })

  it('name their windows as a person would', () => {
    const windowsMs = [90_000, 30 * 60_000, 36 * HOUR_MS, 91 * DAY_MS, 1.5]
    const told = historyNumberNames({ ...spec, eventTypes: [], counted: ['lines'], windowsMs })
    expect(told.slice(0, 6)).toEqual(
      ['90s', '30min', '36h', '91d', '1.5ms', 'all'].map((window) => `lines:any:${window}`),
    )
  })

  it('are named one by one', () => {
    expect(numbersOf([], NOW_MS)).toHaveLength(names.length)
    expect(new Set(names).size).toBe(names.length)
  })
})
