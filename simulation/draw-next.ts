// Draws what a user does next: the next event races against whatever changes without one.
import type { AttributeVersion } from '../features/attributes.ts'
import type { Random } from '../features/random.ts'
import type { Turns } from './turns.ts'
import type { NextStep, Walk } from './walk.ts'

export interface DrawRequest {
  readonly walk: Walk
  readonly turns: Turns
  /** The types of events, in declared order. */
  readonly types: readonly string[]
  readonly random: Random
  /** Nothing after this moment is drawn. */
  readonly untilMs: number
  /** Is told what the user's attributes turn into on the way. */
  readonly onChange?: (version: AttributeVersion) => void
}

/**
 * The next event, in whole milliseconds, one after now at the least, which the walk has still to take; or
 * undefined where none comes by then. The walk has waited and changed as far as that.
 */
export function drawNext(request: DrawRequest): NextStep | undefined {
  const { walk, turns, types, random, untilMs, onChange } = request
  const way = random.next() < walk.outlook().visit.weight ? 'visit' : 'away'
  // How much of the event's own hazard is left: an exponential gap where nothing changes on the way.
  let left = random.exponential(1)
  for (;;) {
    const { rate, types: probabilities } = walk.outlook()[way]
    const eventMs = walk.nowMs + Math.max(1, Math.round(left / rate))
    const turnMs = turns.nextMs()
    if (eventMs < turnMs && eventMs <= untilMs) {
      turns.wait(eventMs)
      const type = types[random.pick(probabilities)] ?? ''
      return { type, occurredAt: eventMs, newVisit: way === 'away' }
    }
    const stopMs = Math.min(turnMs, untilMs)
    left -= rate * (stopMs - walk.nowMs)
    const changed = turns.wait(stopMs)
    if (changed !== undefined) onChange?.({ knownAt: stopMs, attributes: changed })
    if (stopMs === untilMs) return undefined
  }
}
