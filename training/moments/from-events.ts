// Moments right after events, as a page asks: each time something new was heard of a user. So that one
// user, a bot perhaps, is not the world, the chance of each moment falls with the number of those before
// it: that a moment is taken depends on nothing that comes after it.
import type { Random } from '../../features/random.ts'
import type { Moment } from './moment.ts'
import type { PartName } from './parts.ts'
import { partAt } from './plan.ts'
import type { MomentPlan, Sampling } from './plan.ts'

type EventSampling = Pick<Sampling, 'eventRate' | 'eventsOfUserMax'>

/** The moments of one user, of the times at which something new was heard of them. */
export function momentsFromEvents(
  heard: Float64Array,
  { plan, random }: { readonly plan: MomentPlan; readonly random: Random },
): Moment[] {
  const moments: Moment[] = []
  const passed: Record<PartName, number> = { train: 0, validation: 0, test: 0 }
  for (const [place, atMs] of heard.entries()) {
    const drawn = random.next()
    const part = partAt(plan, atMs)
    const sampling = part === undefined ? undefined : plan.parts[part]?.sampling
    if (part === undefined || sampling === undefined) continue
    passed[part] += 1
    if (drawn >= chanceOf(passed[part], sampling)) continue
    moments.push({ part, atMs, from: 'event', isFirst: place === 0 })
  }
  return moments
}

/**
 * The chance of a user's n-th moment in a part: the rate, and once half of what one user may give is
 * expected to be taken, falling with the square of n, so that in all the other half follows at most.
 */
function chanceOf(n: number, { eventRate, eventsOfUserMax }: EventSampling): number {
  const full = eventsOfUserMax / 2 / eventRate
  return eventRate * Math.min(1, (full / n) ** 2)
}

/** How many of so many moments of one user in a part are taken, in expectation. */
export function expectedOfUser(count: number, { eventRate, eventsOfUserMax }: EventSampling): number {
  if (eventRate === 0) return 0
  const half = eventsOfUserMax / 2
  const full = half / eventRate
  return count <= full ? eventRate * count : half + half * (1 - full / count)
}

/** The rate at which users with so many moments each give as many as wanted; 1 where they cannot. */
export function rateFor(
  counts: ArrayLike<number>,
  { wanted, eventsOfUserMax }: { readonly wanted: number; readonly eventsOfUserMax: number },
): number {
  const expected = (eventRate: number): number => expectedOf(counts, { eventRate, eventsOfUserMax })
  if (expected(1) <= wanted) return 1
  let [low, high] = [0, 1]
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2
    if (expected(middle) > wanted) high = middle
    else low = middle
  }
  return low
}

/** How many moments are taken of users with so many each, in expectation. */
export function expectedOf(counts: ArrayLike<number>, sampling: EventSampling): number {
  let sum = 0
  for (let user = 0; user < counts.length; user += 1) sum += expectedOfUser(counts[user] ?? 0, sampling)
  return sum
}
