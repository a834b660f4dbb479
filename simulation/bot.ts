// A machine among the users: the same few requests over and over, seconds apart, tens of thousands of
// times. It keeps to no law, so there is no truth about it.
import type { Attributes } from '../features/attributes.ts'
import type { Random } from '../features/random.ts'
import type { Law } from './law.ts'
import type { WalkStep } from './walk.ts'

export const BOT_ID = 'bot-000001'
const EVENTS = 40_000
const RHYTHM_MS = 4_000
/** It starts after this share of the time. */
const START_SHARE = 0.3

export interface Bot {
  readonly attributes: Attributes
  readonly startMs: number
  readonly steps: readonly WalkStep[]
}

/** Ends with the log, however many events are still to come. */
export function createBot({ simulator, catalogue, startMs, endMs }: Law, random: Random): Bot {
  const attributes = simulator.drawUser(random)
  const context = simulator.drawContext(attributes, random)
  const types = Object.entries(simulator.project.events).slice(0, 2)
  const firstMs = Math.round(startMs + START_SHARE * (endMs - startMs))
  const count = Math.min(EVENTS, Math.floor((endMs - firstMs) / RHYTHM_MS))
  const steps = Array.from({ length: count }, (_, index): WalkStep => {
    const [type = '', declared] = types[index % types.length] ?? []
    const occurredAt = firstMs + index * RHYTHM_MS
    const taste = simulator.taste(attributes)
    const chosen = declared?.item === true ? catalogue.choose({ taste, atMs: occurredAt }, random) : undefined
    const item = chosen?.attributes ?? {}
    const value = declared?.value === true ? simulator.drawValue(type, { item, random }) : undefined
    return { type, occurredAt, itemId: chosen?.id, item, context, value }
  })
  return { attributes, startMs: firstMs, steps }
}
