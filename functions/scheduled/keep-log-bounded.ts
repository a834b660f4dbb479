// Forgets logged answers that were judged long ago, and the oldest where there are too many.
import { DAY_MS } from '../../features/project.ts'
import { connect } from '../db/client.ts'
import { dayOf, deletePacks } from '../db/predictions.ts'
import { waitOf } from './settle-outcomes.ts'
import type { LoopSources } from './settle-outcomes.ts'

/** After the last task could be judged. */
const KEPT_MS = 30 * DAY_MS
/** A last bound: what is written is bounded by the day, so that answers outlive the horizons of their tasks. */
const PACKS_MAX = 2_000_000

/** Gives what it did, in words. */
export async function keepLogBounded({ project, binding, nowMs }: LoopSources): Promise<string> {
  const waits = Object.values(project.tasks).map((task) => waitOf(task) ?? 0)
  // By whole days: to forget reads all that was noted, and all but one turn of a day find nothing to forget.
  const beforeMs = dayOf(nowMs - Math.max(0, ...waits) - KEPT_MS) * DAY_MS
  const count = await deletePacks(connect(binding), { beforeMs, countMax: PACKS_MAX })
  return `forgot ${count} packs of answers`
}
