// The world of a run: shoppers who were there before, newcomers and new items all along, and behaviour that
// drifts on one day. What happened in a stretch of time, and what would truly come of it.
import type { AttributeVersion } from '../../features/attributes.ts'
import type { EncodeRequest } from '../../features/encode.ts'
import type { Event } from '../../features/event.ts'
import { DAY_MS } from '../../features/project.ts'
import type { Task } from '../../features/project.ts'
import type { Random } from '../../features/random.ts'
import { simulate, simulatorByName, trueNextEvent, trueTask } from '../../simulation/index.ts'

/** What the service knows of at the start. */
export const HISTORY_DAYS = 90
/** Day 0 of every run. */
export const START_MS = Date.UTC(2026, 0, 1)
/** Futures that are drawn where the truth has no formula. */
const RUNS = 60

export interface WorldRequest {
  readonly days: number
  readonly users: number
  readonly seed: number
  readonly driftDay: number
}

/** What is heard of an id from a moment on. */
export interface HeardVersion {
  readonly id: string
  readonly version: AttributeVersion
}

/** What happened after one moment and by another. */
export interface Stretch {
  readonly events: readonly Event[]
  readonly users: readonly HeardVersion[]
  readonly items: readonly HeardVersion[]
}

export interface RunWorld {
  stretch(fromMs: number, untilMs: number): Stretch
  /** What is known of a user at a moment; undefined where they have done nothing yet. */
  known(userId: string, atMs: number): EncodeRequest | undefined
  /** Whether the user does anything within so long after a moment. */
  comes(userId: string, atMs: number, withinMs: number): boolean
  /** Probabilities by the names under which an answer gives them; of a yes or no that of yes. */
  truth(task: Task, asked: EncodeRequest, random: Random): Readonly<Record<string, number>>
}

export function createWorld({ days, users: userCount, seed, driftDay }: WorldRequest): RunWorld {
  const simulator = simulatorByName['shop']
  if (simulator === undefined) throw new Error('Expected a simulator of the shop, got none')
  const simulation = simulate({
    simulator,
    seed,
    userCount,
    days: HISTORY_DAYS + days,
    endMs: START_MS + days * DAY_MS,
    driftMs: START_MS + driftDay * DAY_MS,
    world: { behaviourDrift: true, itemTurnover: true },
  })
  const { law, events } = simulation
  const historyOf = Map.groupBy(events, ({ userId }) => userId)
  const versionsOf = new Map(simulation.users.map(({ id, versions }) => [id, versions]))
  const items = new Map(simulation.items.map(({ id, versions }) => [id, versions]))
  const heard = (of: ReadonlyMap<string, readonly AttributeVersion[]>): HeardVersion[] =>
    [...of]
      .flatMap(([id, versions]) => versions.map((version) => ({ id, version })))
      .toSorted((left, right) => left.version.knownAt - right.version.knownAt)
  const [userVersions, itemVersions] = [heard(versionsOf), heard(items)]
  return {
    stretch(fromMs, untilMs) {
      const within = (ms: number): boolean => ms > fromMs && ms <= untilMs
      return {
        events: events.filter(({ occurredAt }) => within(occurredAt)),
        users: userVersions.filter(({ version }) => within(version.knownAt)),
        items: itemVersions.filter(({ version }) => within(version.knownAt)),
      }
    },
    known(userId, atMs) {
      const history = (historyOf.get(userId) ?? []).filter(({ occurredAt }) => occurredAt <= atMs)
      const user = versionsOf.get(userId)
      return history.length === 0 || user === undefined ? undefined : { history, user, items, atMs }
    },
    comes: (userId, atMs, withinMs) =>
      (historyOf.get(userId) ?? []).some(
        ({ occurredAt }) => occurredAt > atMs && occurredAt <= atMs + withinMs,
      ),
    truth(task, { history, user, atMs }, random) {
      const asked = { law, history, user, atMs }
      if (task.kind === 'nextEvent') return trueNextEvent({ ...asked, withinMs: task.horizonMs ?? Infinity })
      return { yes: trueTask({ ...asked, task, random, runs: RUNS }) }
    },
  }
}
