// Simulated users, each asked about at one moment, so that what came true is independent from one to
// the next and can be counted against the truth.
import type { Attributes, Event } from '../../features/event.ts'
import { DAY_MS, longestHorizonMs } from '../../features/project.ts'
import { simulate } from '../../simulation/index.ts'
import type { Simulation, SimulationRequest, Simulator } from '../../simulation/index.ts'

export const END_MS = Date.UTC(2026, 0, 1)

export function buildSimulation(
  simulator: Simulator,
  overrides: Partial<Omit<SimulationRequest, 'simulator'>> = {},
): Simulation {
  return simulate({ simulator, seed: 1, userCount: 50, days: 90, endMs: END_MS, ...overrides })
}

/** What trueNextEvent and trueTask want to know, and what happened afterwards. */
export interface Asked {
  readonly simulator: Simulator
  readonly attributes: Attributes
  readonly items: ReadonlyMap<string, Attributes>
  readonly atMs: number
  /** Everything, also what came later. */
  readonly history: readonly Event[]
}

/**
 * One moment a user: for every other user at one and the same time, so mostly after a silence; for those
 * between right after one of their first events. Neither choice looks ahead. A longest horizon is left
 * before the end of the log. Users who have not come by their moment are left out.
 */
export function askOnce(simulator: Simulator, { users, items, events }: Simulation): Asked[] {
  const clockMs = END_MS - longestHorizonMs(simulator.project) - DAY_MS
  const attributesById = new Map(items.map((item) => [item.id, item.attributes]))
  const historyOf = Map.groupBy(events, (event) => event.userId)
  return users.flatMap(({ id, attributes }, index) => {
    const history = historyOf.get(id) ?? []
    const atMs = index % 2 === 0 ? clockMs : history[(index - 1) % 9]?.occurredAt
    const firstMs = history[0]?.occurredAt
    if (atMs === undefined || atMs > clockMs || firstMs === undefined || firstMs > atMs) return []
    return [{ simulator, attributes, items: attributesById, atMs, history }]
  })
}
