// What changes in a user without an event: attributes, each by a hazard that has been drawn in advance and
// is used up as time passes. So one attribute's changes do not hang on how often another's were drawn.
import type { Attributes } from '../features/attributes.ts'
import { DAY_MS } from '../features/project.ts'
import type { Random } from '../features/random.ts'
import { drawOne } from './domain.ts'
import type { AttributeChange } from './domain.ts'
import type { Law } from './law.ts'
import type { Walk } from './walk.ts'

export interface Turns {
  /** When the next change comes if the user stays as they stand; Infinity for never. */
  nextMs(): number
  /**
   * Lets the walk wait until a moment, no later than the next change, which it takes if it is due then: the
   * answer is what the user's attributes have turned into, undefined where they are as they were.
   */
  wait(untilMs: number): Attributes | undefined
}

export interface TurnsRequest {
  readonly walk: Walk
  /** Gives each kind of change its stream. */
  readonly randomOf: (name: string) => Random
}

/** Follows the walk from now on. */
export function createTurns(law: Law, { walk, randomOf }: TurnsRequest): Turns {
  const alarms = Object.entries(law.changes).map(([name, change]) => createAlarm(change, randomOf(name)))
  return {
    nextMs() {
      const driftMs = law.driftMs > walk.nowMs ? law.driftMs : Infinity
      return Math.min(driftMs, ...alarms.map((alarm) => alarm.atMs(walk)))
    },
    wait(untilMs) {
      const due = alarms.find((alarm) => alarm.atMs(walk) <= untilMs)
      for (const alarm of alarms) alarm.pass(walk, untilMs)
      walk.wait(untilMs)
      const changed = due?.ring(walk.attributes)
      if (changed !== undefined) walk.become(changed)
      return changed
    },
  }
}

interface Alarm {
  atMs(walk: Walk): number
  /** Uses up the hazard of the time until then. */
  pass(walk: Walk, untilMs: number): void
  /** The attributes after the change, and the alarm wound up anew; undefined where nothing changes. */
  ring(attributes: Attributes): Attributes | undefined
}

function createAlarm(change: AttributeChange, random: Random): Alarm {
  let left = random.exponential(1)
  const rate = ({ attributes, moment }: Walk): number => change.perDay(attributes, moment) / DAY_MS
  return {
    atMs(walk) {
      const perMs = rate(walk)
      return perMs === 0 ? Infinity : walk.nowMs + Math.max(1, Math.round(left / perMs))
    },
    pass: (walk, untilMs) => {
      left -= rate(walk) * (untilMs - walk.nowMs)
    },
    ring(attributes) {
      left = random.exponential(1)
      const { attribute, becomes } = change
      const value = drawOne(becomes, random)
      return value === attributes[attribute] ? undefined : { ...attributes, [attribute]: value }
    },
  }
}
