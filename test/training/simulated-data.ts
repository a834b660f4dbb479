// Simulated logs as training reads them, without files.
import type { Event } from '../../features/event.ts'
import { simulate } from '../../simulation/simulate.ts'
import type { SimulationRequest } from '../../simulation/simulate.ts'
import type { DataSet } from '../../training/data/data-set.ts'
import { buildEventData } from './examples/build-log.ts'

/** Histories of the simulated users who did anything, by the order of their ids. */
export function simulatedData(request: SimulationRequest): DataSet {
  const { users, items, events } = simulate(request)
  const eventsOf = new Map<string, Event[]>(users.map((user) => [user.id, []]))
  for (const event of events) eventsOf.get(event.userId)?.push(event)
  const records = users.map(({ id, versions }) => ({
    userId: id,
    versions,
    events: eventsOf.get(id) ?? [],
    questions: [],
  }))
  return buildEventData(
    records.filter((user) => user.events.length > 0),
    new Map(items.map((item) => [item.id, item.versions])),
  )
}
