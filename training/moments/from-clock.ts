// Moments by the clock, as a nightly job asks: about everybody who is known, however long silent, at times
// that are uniform over the part.
import type { Random } from '../../features/random.ts'
import type { Moment } from './moment.ts'
import { partNames } from './parts.ts'
import type { MomentPlan } from './plan.ts'

/** The moments of a user who is known from a time on. */
export function momentsFromClock(
  knownFromMs: number,
  { plan, random }: { readonly plan: MomentPlan; readonly random: Random },
): Moment[] {
  return partNames.flatMap((part) => {
    const planned = plan.parts[part]
    if (planned === undefined || !(planned.sampling.clockPerMs > 0)) return []
    // A stream of its own, so that how long one part is moves nothing in the next.
    const ofPart = random.fork(part)
    const moments: Moment[] = []
    let passedMs = Math.max(planned.fromMs, knownFromMs)
    for (;;) {
      passedMs += ofPart.exponential(planned.sampling.clockPerMs)
      const atMs = Math.floor(passedMs)
      if (atMs >= planned.untilMs) return moments
      moments.push({ part, atMs, from: 'clock', isFirst: false })
    }
  })
}
