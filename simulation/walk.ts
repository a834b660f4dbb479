// One user on the way through time: what they have done, what is to be expected of them, and the
// details of each further event.
import type { Attributes, Event } from '../features/event.ts'
import type { Random } from '../features/random.ts'
import type { Catalogue } from './catalogue.ts'
import type { Simulator } from './domain.ts'
import { outlookAt } from './outlook.ts'
import type { Outlook } from './outlook.ts'
import { createTrace } from './trace.ts'
import type { Step } from './trace.ts'

/** An event but for who it belongs to. */
export interface WalkStep extends Step {
  readonly value?: number | undefined
}

export interface Walk {
  /** What is expected right after the latest event. */
  outlook(): Outlook
  /** Takes an event that is already known. */
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

export interface WalkRequest {
  readonly attributes: Attributes
  readonly catalogue: Catalogue
}

/** Starts without an event. */
export function createWalk(simulator: Simulator, { attributes, catalogue }: WalkRequest): Walk {
  const { events } = simulator.project
  const trace = createTrace(Object.keys(events))
  const behaviour = simulator.behaviour(attributes)
  const taste = simulator.taste(attributes)

  /** The item of the event: the one seen last where the type goes on with it, else a new choice. */
  function itemOf(type: string, random: Random): { readonly itemId?: string; readonly item: Attributes } {
    if (events[type]?.item !== true) return { item: {} }
    if (trace.itemId !== undefined && simulator.sameItem.includes(type)) {
      return { itemId: trace.itemId, item: trace.now.item }
    }
    const chosen = catalogue.choose(taste, random)
    return { itemId: chosen.id, item: chosen.attributes }
  }

  return {
    outlook: () => outlookAt(simulator, { behaviour, now: trace.now }),
    follow: ({ type, occurredAt, itemId, properties }) =>
      trace.push({
        type,
        occurredAt,
        itemId,
        item: itemId === undefined ? {} : catalogue.attributesOf(itemId),
        context: properties ?? {},
      }),
    step({ type, occurredAt, newVisit }, random) {
      const context = newVisit ? simulator.drawContext(attributes, random) : trace.now.context
      const { itemId, item } = itemOf(type, random)
      const value = events[type]?.value === true ? simulator.drawValue(type, { item, random }) : undefined
      const step = { type, occurredAt, itemId, item, context, value }
      trace.push(step)
      return step
    },
    mark: () => trace.mark(),
  }
}
