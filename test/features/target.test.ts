import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { absent, count, defineProject, label, nextEvent, occurs, total } from '../../features/project.ts'
import { target } from '../../features/target.ts'
import { NOW_MS, buildEvent } from './generated.ts'

const HOUR_MS = 3_600_000
const project = defineProject({
  name: 'shop',
  events: { view: {}, purchase: { value: true } },
  tasks: {
    buys: occurs('purchase', { withinHours: 2 }),
    leaves: absent({ withinHours: 2 }),
    next: nextEvent(),
    spend: total('purchase', { withinHours: 2 }),
  },
})

function targets(
  events: readonly ReturnType<typeof buildEvent>[],
  knownUntilMs = NOW_MS + 10 * HOUR_MS,
): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(project.tasks).map(([name, task]) => [
      name,
      target(project, task, { atMs: NOW_MS, events, knownUntilMs }),
    ]),
  )
}
const after = (ms: number, type: string, value?: number) =>
  buildEvent({ id: `${ms}`, type, occurredAt: NOW_MS + ms, ...(value === undefined ? {} : { value }) })

describe('target', () => {
  it('looks ahead only, and as far as the horizon', () => {
    const events = [
      after(-1, 'purchase', 9),
      after(0, 'purchase', 9),
      after(HOUR_MS, 'view'),
      after(2 * HOUR_MS, 'purchase', 4),
      after(2 * HOUR_MS + 1, 'purchase', 8),
    ]
    expect(targets(events)).toEqual({ buys: 1, leaves: 0, next: 0, spend: 4 })
  })

  it('takes lines of one moment for one visit: counts it once, totals them all, and goes on to the next', () => {
    const basket = (ms: number, type: string, lines: number) =>
      Array.from({ length: lines }, (_, place) => ({
        ...after(ms, type, 2),
        id: `${type}-${ms}-${place}`,
        place,
      }))
    const events = [
      ...basket(0, 'purchase', 4),
      ...basket(60_000, 'view', 2),
      ...basket(60_000, 'purchase', 3),
      ...basket(HOUR_MS, 'purchase', 5),
      ...basket(2 * HOUR_MS, 'purchase', 1),
      ...basket(2 * HOUR_MS + 1, 'purchase', 7),
    ]
    // No line of the moment that is asked about is the next event.
    expect(targets(events)).toEqual({ buys: 1, leaves: 0, next: 0, spend: 18 })
    const counted = (type: string, knownUntilMs = NOW_MS + 10 * HOUR_MS) =>
      target(project, count(type, { withinHours: 2 }), { atMs: NOW_MS, events, knownUntilMs })
    expect([counted('purchase'), counted('view'), counted('search')]).toEqual([3, 1, 0])
    expect(counted('purchase', NOW_MS + 2 * HOUR_MS - 1)).toBeNull()
  })

  it('counts the moments that have an event of the type, in whatever order a moment has them', () => {
    const anyTimes = fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom('view', 'purchase')))
    fc.assert(
      fc.property(anyTimes, (times) => {
        const events = times.toSorted(([a], [b]) => a - b).map(([ms, type]) => after(ms, type))
        const expected = new Set(times.flatMap(([ms, type]) => (type === 'view' && ms <= 9 ? [ms] : []))).size
        const task = { kind: 'count', type: 'view', horizonMs: 9 } as const
        expect(target(project, task, { atMs: NOW_MS, events, knownUntilMs: NOW_MS + 9 })).toBe(expected)
      }),
    )
  })

  it('knows silence when it is over', () => {
    expect(targets([after(-5, 'view')])).toEqual({ buys: 0, leaves: 1, next: null, spend: 0 })
  })

  it('is unknown until the longest horizon has passed, even where the event has come', () => {
    const events = [after(HOUR_MS, 'purchase', 4)]
    const unknown = { buys: null, leaves: null, next: null, spend: null }
    expect(targets(events, NOW_MS + 2 * HOUR_MS - 1)).toEqual(unknown)
    expect(targets(events, NOW_MS + 2 * HOUR_MS)).toEqual({ buys: 1, leaves: 0, next: 1, spend: 4 })
  })

  it('takes no next event from beyond the longest horizon', () => {
    expect(targets([after(2 * HOUR_MS + 1, 'purchase', 4)])['next']).toBeNull()
  })

  it('gives a next event a horizon of its own where it declares one', () => {
    const task = nextEvent({ withinHours: 1 })
    const own = (events: ReturnType<typeof buildEvent>[], knownUntilMs = NOW_MS + 10 * HOUR_MS) =>
      target(project, task, { atMs: NOW_MS, events, knownUntilMs })
    expect(own([after(HOUR_MS, 'purchase')])).toBe(1)
    expect(own([after(HOUR_MS + 1, 'purchase')])).toBeNull()
    expect(own([after(1, 'purchase')], NOW_MS + HOUR_MS - 1)).toBeNull()
  })

  it('is not told by events where rows tell it', () => {
    expect(
      target(project, label(['a', 'b']), { atMs: NOW_MS, events: [], knownUntilMs: Infinity }),
    ).toBeNull()
  })

  it('waits for a next event as long as it takes where no task has a horizon', () => {
    const endless = defineProject({
      name: 'endless',
      events: { view: {}, cart: {} },
      tasks: { next: nextEvent() },
    })
    const events = [after(400 * HOUR_MS, 'cart')]
    const known = (knownUntilMs: number): number | null =>
      target(endless, endless.tasks.next, { atMs: NOW_MS, events, knownUntilMs })
    expect(known(NOW_MS + 400 * HOUR_MS - 1)).toBeNull()
    expect(known(NOW_MS + 400 * HOUR_MS)).toBe(1)
  })
})
