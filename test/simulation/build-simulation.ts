// Simulated users, each asked about at one moment, so that what came true is independent from one to
// the next and can be counted against the truth.
import type { Versions } from '../../features/attributes.ts'
import type { Event } from '../../features/event.ts'
import { DAY_MS, longestHorizonMs } from '../../features/project.ts'
import { simulate } from '../../simulation/index.ts'
import type { Law, Simulation, SimulationRequest, Simulator } from '../../simulation/index.ts'

export const END_MS = Date.UTC(2026, 0, 1)

export function buildSimulation(
  simulator: Simulator,
  overrides: Partial<Omit<SimulationRequest, 'simulator'>> = {},
): Simulation {
  return simulate({ simulator, seed: 1, userCount: 50, days: 90, endMs: END_MS, ...overrides })
}

/** What trueNextEvent and trueTask want to know, and what happened afterwards. */
export interface Asked {
  readonly law: Law
  /** All versions, also those of later. */
  readonly user: Versions
  readonly atMs: number
  /** Everything, also what came later. */
  readonly history: readonly Event[]
}

/**
 * One moment a user: for every other user at one and the same time, so mostly after a silence; for those
 * between right after one of their first events. Neither choice looks ahead. A longest horizon is left
 * before the end of the log, or whatever the moment given leaves. Users who have not come by their moment
 * are left out.
 */
export function askOnce({ law, users, events }: Simulation, options: { clockMs?: number } = {}): Asked[] {
  const latestMs = END_MS - longestHorizonMs(law.simulator.project) - DAY_MS
  const { clockMs = latestMs } = options
  const historyOf = Map.groupBy(events, (event) => event.userId)
  return users.flatMap(({ id, versions }, index) => {
    const history = historyOf.get(id) ?? []
    const atMs = index % 2 === 0 ? clockMs : history[(index - 1) % 9]?.occurredAt
    const firstMs = history[0]?.occurredAt
    if (atMs === undefined || atMs > clockMs || firstMs === undefined || firstMs > atMs) return []
    return [{ law, user: versions, atMs, history }]
  })
}
