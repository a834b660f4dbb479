import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../features/project.ts'
import { createTrace } from '../../simulation/trace.ts'
import type { Step, Trace } from '../../simulation/trace.ts'

const types = ['view', 'cart', 'search']

/** Steps with gaps from none to ten days, so that every window fills and empties. */
const anySteps = fc.array(
  fc.record({
    type: fc.constantFrom(...types),
    gapMs: fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 10 * DAY_MS })),
    itemId: fc.option(fc.constantFrom('shoe', 'hat'), { nil: undefined }),
    device: fc.constantFrom('phone', 'desk'),
  }),
  { maxLength: 40 },
)
type Drawn = (typeof anySteps extends fc.Arbitrary<infer Value> ? Value : never)[number]

function push(trace: Trace, drawn: readonly Drawn[]): void {
  for (const { type, gapMs, itemId, device } of drawn) {
    const occurredAt = (trace.latest?.occurredAt ?? 0) + gapMs
    trace.push({
      type,
      occurredAt,
      itemId,
      item: itemId === undefined ? {} : { itemId },
      context: { device },
    })
  }
}

function traceOf(drawn: readonly Drawn[]): Trace {
  const trace = createTrace(types)
  push(trace, drawn)
  return trace
}

/** Everything that can be asked of a trace. */
function stateOf({ now, latest, itemId }: Trace): unknown {
  return structuredClone({ now, latest, itemId })
}

/** log(1 + count) by type and for any type, counted anew. */
function countsWithin(steps: readonly Step[], lengthMs: number): Record<string, number> {
  const latestMs = steps.at(-1)?.occurredAt ?? 0
  const inside = steps.filter((step) => latestMs - step.occurredAt <= lengthMs)
  return Object.fromEntries(
    ['any', ...types].map((type) => [
      type,
      Math.log1p(inside.filter((step) => type === 'any' || step.type === type).length),
    ]),
  )
}

describe('a trace', () => {
  it('counts the events of a week and of four weeks up to the latest, which counts too', () => {
    fc.assert(
      fc.property(anySteps, (drawn) => {
        const steps: Step[] = []
        const trace = createTrace(types)
        for (const one of drawn) {
          push(trace, [one])
          // A further line of the latest moment is no step of its own.
          if (trace.latest !== undefined && trace.latest !== steps.at(-1)) steps.push(trace.latest)
          expect(trace.now.week).toEqual(countsWithin(steps, 7 * DAY_MS))
          expect(trace.now.month).toEqual(countsWithin(steps, 28 * DAY_MS))
        }
      }),
    )
  })

  it('knows the latest two types, the latest item and the latest context', () => {
    const step = { gapMs: 1, itemId: undefined, device: 'phone' } as const
    const trace = traceOf([
      { ...step, type: 'view', itemId: 'shoe' },
      { ...step, type: 'cart', itemId: 'hat' },
      { ...step, type: 'search', device: 'desk' },
    ])
    expect(trace.itemId).toBe('hat')
    expect(trace.now).toMatchObject({
      last: 'search',
      beforeLast: 'cart',
      item: { itemId: 'hat' },
      context: { device: 'desk' },
    })
  })

  it('takes further lines of a moment for the items that they bring, and for nothing else', () => {
    const step = { type: 'cart', itemId: 'shoe', device: 'phone' } as const
    const once = traceOf([{ ...step, gapMs: 1 }])
    const lines = traceOf([
      { ...step, gapMs: 1 },
      { ...step, gapMs: 0, itemId: undefined },
      { ...step, gapMs: 0, itemId: 'hat' },
    ])
    expect(lines.now).toEqual({ ...once.now, item: { itemId: 'hat' } })
    expect([lines.itemId, lines.latest]).toEqual(['hat', once.latest])
  })

  it('comes back from any future as it was, as often as wanted', () => {
    fc.assert(
      fc.property(
        anySteps,
        fc.array(anySteps, { minLength: 1, maxLength: 4 }),
        anySteps,
        (past, futures, last) => {
          const trace = traceOf(past)
          const before = stateOf(trace)
          const rewind = trace.mark()
          for (const future of futures) {
            push(trace, future)
            rewind()
            expect(stateOf(trace)).toEqual(before)
          }
          push(trace, last)
          expect(stateOf(trace)).toEqual(stateOf(traceOf([...past, ...last])))
        },
      ),
    )
  })
})
