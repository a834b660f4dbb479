// A simulated log as training reads it, without files between, and the law that it came from.
import type { Versions } from '../features/attributes.ts'
import { compareEvents } from '../features/event.ts'
import type { Event } from '../features/event.ts'
import { simulate, simulatorByName } from '../simulation/index.ts'
import type { Law, Simulation, SimulationRequest, Simulator } from '../simulation/index.ts'
import type { DataSet, UserRecord } from '../training/data/data-set.ts'
import { NO_FILES } from '../training/data/report/report.ts'

/** The end of every simulated log, so that two runs make the same one. */
export const END_MS = Date.UTC(2026, 0, 1)

/** Throws for a project that has none. */
export function simulatorOf(project: string): Simulator {
  const simulator = simulatorByName[project]
  if (simulator === undefined) throw new Error(`Project '${project}' has no simulator`)
  return simulator
}

export interface SimulatedLog {
  readonly law: Law
  /** What is known at the end of the log. */
  readonly data: DataSet
  /** What is known when the days after the end have passed too. */
  readonly dataAfter: DataSet
  /** By user id, the days after the end included. */
  readonly users: ReadonlyMap<string, UserRecord>
}

export function simulatedLog(request: Omit<SimulationRequest, 'endMs'>): SimulatedLog {
  const { law, users, items, events, later } = simulate({ ...request, endMs: END_MS })
  const itemVersions = new Map(items.map(({ id, versions }) => [id, versions]))
  const known = recordsOf(users, events)
  const whole = users.map(({ id, versions }) => ({ id, versions: later.versions.get(id) ?? versions }))
  const after = recordsOf(whole, [...events, ...later.events].toSorted(compareEvents))
  return {
    law,
    data: dataSetOf(known, itemVersions),
    dataAfter: dataSetOf(after, itemVersions),
    users: new Map(after.map((user) => [user.userId, user])),
  }
}

/** Those who did anything. */
function recordsOf(users: Simulation['users'], events: readonly Event[]): UserRecord[] {
  const historyOf = Map.groupBy(events, (event) => event.userId)
  return users.flatMap(({ id, versions }) => {
    const history = historyOf.get(id)
    return history === undefined ? [] : [{ userId: id, versions, events: history, questions: [] }]
  })
}

/** A data set over users in memory. */
export function dataSetOf(users: readonly UserRecord[], items: ReadonlyMap<string, Versions>): DataSet {
  const times = users.flatMap(({ events }) => events.map((event) => event.occurredAt))
  return {
    eventCount: times.length,
    userCount: users.length,
    questionCount: 0,
    report: NO_FILES,
    span: {
      startMs: times.reduce((least, ms) => Math.min(least, ms), Infinity),
      endMs: times.reduce((most, ms) => Math.max(most, ms), -Infinity),
    },
    items,
    undated: [],
    notes: [],
    users: async function* () {
      yield* users
    },
    close: () => {},
  }
}
