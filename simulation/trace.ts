// The observable state of one user, kept up to date event by event. It can be rewound, so that many
// futures can be tried from one past.
import type { Attributes } from '../features/attributes.ts'
import { DAY_MS } from '../features/project.ts'
import type { Moment } from './domain.ts'

/** What a trace needs to know of an event. */
export interface Step {
  readonly type: string
  readonly occurredAt: number
  readonly itemId?: string | undefined
  /** Attributes of the item, where there is one. */
  readonly item: Attributes
  readonly context: Attributes
}

export interface Trace {
  /** Always the same object, which changes with each push. */
  readonly now: Moment
  readonly latest: Step | undefined
  /** The item of the latest event that names one. */
  readonly itemId: string | undefined
  /** Takes the next event, no earlier than the latest; a further line of its moment brings an item alone. */
  push(step: Step): void
  /** Remembers this state; the answer brings it back, as often as wanted. */
  mark(): () => void
}

/** Starts without an event. */
export function createTrace(types: readonly string[]): Trace {
  const steps: Step[] = []
  const week = createWindow(types, steps, 7 * DAY_MS)
  const month = createWindow(types, steps, 28 * DAY_MS)
  const now = {
    last: undefined as string | undefined,
    beforeLast: undefined as string | undefined,
    item: {} as Attributes,
    context: {} as Attributes,
    week: week.logCounts,
    month: month.logCounts,
  }
  let itemId: string | undefined

  return {
    now,
    get latest() {
      return steps.at(-1)
    },
    get itemId() {
      return itemId
    },
    push(step) {
      if (step.occurredAt !== steps.at(-1)?.occurredAt) {
        steps.push(step)
        week.moveOn()
        month.moveOn()
        now.beforeLast = now.last
        now.last = step.type
        now.context = step.context
      }
      if (step.itemId === undefined) return
      itemId = step.itemId
      now.item = step.item
    },
    mark() {
      const kept = { length: steps.length, now: { ...now }, itemId }
      const restores = [week.mark(), month.mark()]
      return () => {
        steps.length = kept.length
        Object.assign(now, kept.now)
        itemId = kept.itemId
        for (const restore of restores) restore()
      }
    },
  }
}

interface Window {
  readonly logCounts: Record<string, number>
  /** Takes in the step that was just added, and lets go of those that are now too old. */
  moveOn(): void
  mark(): () => void
}

function createWindow(types: readonly string[], steps: readonly Step[], lengthMs: number): Window {
  const counts: Record<string, number> = Object.fromEntries(['any', ...types].map((type) => [type, 0]))
  const logCounts = { ...counts }
  let first = 0

  function count(type: string, by: number): void {
    const changed = (counts[type] ?? 0) + by
    counts[type] = changed
    logCounts[type] = Math.log1p(changed)
  }
  return {
    logCounts,
    moveOn() {
      const added = steps.at(-1)
      if (added === undefined) return
      count(added.type, 1)
      count('any', 1)
      for (let oldest = steps[first]; oldest !== undefined; oldest = steps[first]) {
        if (added.occurredAt - oldest.occurredAt <= lengthMs) return
        count(oldest.type, -1)
        count('any', -1)
        first += 1
      }
    },
    mark() {
      const kept = { first, counts: { ...counts }, logCounts: { ...logCounts } }
      return () => {
        first = kept.first
        Object.assign(counts, kept.counts)
        Object.assign(logCounts, kept.logCounts)
      }
    },
  }
}
