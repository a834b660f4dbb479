// One user on the way through time: what they have done, what is to be expected of them, and the
// details of each further event.
import type { Attributes } from '../features/attributes.ts'
import type { Event } from '../features/event.ts'
import type { Random } from '../features/random.ts'
import type { Moment } from './domain.ts'
import { furtherLines } from './baskets.ts'
import type { Law } from './law.ts'
import { afterSilence, outlookAt } from './outlook.ts'
import type { Outlook } from './outlook.ts'
import { createTrace } from './trace.ts'
import type { Step } from './trace.ts'

/** An event but for who it belongs to. */
export interface WalkStep extends Step {
  readonly value?: number | undefined
  /** What else belongs to its moment, in order. */
  readonly further?: readonly Line[]
}

/** A line of a basket beside its first. */
export interface Line {
  readonly itemId: string
  readonly value?: number | undefined
}

export interface Walk {
  /** Where the walk stands in time, Unix milliseconds. */
  readonly nowMs: number
  /** The user's attributes now. */
  readonly attributes: Attributes
  /** What can be observed beside them. */
  readonly moment: Moment
  /** What is expected now, given the silence since the latest event. */
  outlook(): Outlook
  /** Lets time pass without an event. */
  wait(untilMs: number): void
  /** Changes the user's attributes now. */
  become(attributes: Attributes): void
  /** Takes an event that is already known, no earlier than now. */
  follow(event: Event): void
  /** Takes an event of this type and draws what else belongs to it. */
  step(next: NextStep, random: Random): WalkStep
  /** Remembers this state; the answer brings it back, as often as wanted. */
  mark(): () => void
}

export interface NextStep {
  readonly type: string
  readonly occurredAt: number
  readonly newVisit: boolean
}

/** Starts without an event. */
export function createWalk(
  law: Law,
  start: { readonly attributes: Attributes; readonly atMs: number },
): Walk {
  const { simulator, catalogue } = law
  const { events } = simulator.project
  const trace = createTrace(Object.keys(events))
  let attributes = start.attributes
  let nowMs = start.atMs
  /** Made when asked for: a past that is only followed needs none. */
  let known: Outlook | undefined

  function outlook(stays?: number): Outlook {
    const behaviour = law.behaviour(attributes, nowMs)
    known ??= outlookAt(simulator, { behaviour, now: trace.now, ...(stays === undefined ? {} : { stays }) })
    return known
  }
  /** Looks ahead anew after something has changed without an event: how likely the visit goes on is kept. */
  function renew(change: () => void): void {
    const stays = outlook().visit.weight
    known = undefined
    change()
    outlook(stays)
  }
  function wait(untilMs: number): void {
    if (untilMs <= nowMs) return
    if (nowMs < law.driftMs && law.driftMs <= untilMs) {
      known = afterSilence(outlook(), law.driftMs - nowMs)
      renew(() => {
        nowMs = law.driftMs
      })
    }
    known = afterSilence(outlook(), untilMs - nowMs)
    nowMs = untilMs
  }
  function push(step: Step): void {
    trace.push(step)
    nowMs = step.occurredAt
    known = undefined
  }
  /** The item of the event: the one seen last where the type goes on with it, else a new choice. */
  function itemOf(
    { type, occurredAt }: NextStep,
    random: Random,
  ): { readonly itemId?: string; readonly item: Attributes } {
    if (events[type]?.item !== true) return { item: {} }
    if (trace.itemId !== undefined && simulator.sameItem.includes(type)) {
      return { itemId: trace.itemId, item: trace.now.item }
    }
    const chosen = catalogue.choose({ taste: simulator.taste(attributes), atMs: occurredAt }, random)
    return { itemId: chosen.id, item: chosen.attributes }
  }

  return {
    get nowMs() {
      return nowMs
    },
    get attributes() {
      return attributes
    },
    moment: trace.now,
    outlook: () => outlook(),
    wait,
    become(changed) {
      renew(() => {
        attributes = changed
      })
    },
    follow: ({ type, occurredAt, itemId, properties }) =>
      push({
        type,
        occurredAt,
        itemId,
        item: itemId === undefined ? {} : catalogue.attributesOf(itemId),
        context: properties ?? {},
      }),
    step(next, random) {
      const { type, occurredAt, newVisit } = next
      const context = newVisit ? simulator.drawContext(attributes, random) : trace.now.context
      const { itemId, item } = itemOf(next, random)
      const valueOf = (ofItem: Attributes): number | undefined =>
        events[type]?.value === true ? simulator.drawValue(type, { item: ofItem, random }) : undefined
      const step = { type, occurredAt, itemId, item, context, value: valueOf(item) }
      push(step)
      const further = Array.from({ length: furtherLines(law, type, random) }, (): Line => {
        const line = catalogue.choose({ taste: simulator.taste(attributes), atMs: occurredAt }, random)
        push({ type, occurredAt, itemId: line.id, item: line.attributes, context })
        return { itemId: line.id, value: valueOf(line.attributes) }
      })
      return { ...step, further }
    },
    mark() {
      const kept = { attributes, nowMs, known }
      const rewind = trace.mark()
      return () => {
        rewind()
        attributes = kept.attributes
        nowMs = kept.nowMs
        known = kept.known
      }
    },
  }
}
