import { describe, expect, it } from 'vitest'
import { absent, defineProject, label, nextEvent, occurs, total } from '../../features/project.ts'
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
