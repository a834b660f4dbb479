// What came after an alarm of drift or of live quality, be it over or not: a training that answers it soon knows a
// day of the new, and what comes due in days not even that; and one that ended before it was answered, as it does
// where another becomes champion, was no less true. So another is due each time there is twice as much of the new as
// the last one knew; by the time that takes longer than a model may grow old, the new is most of what is learned from.
import { DAY_MS } from '../../../features/project.ts'
import type { DueRule } from './rule.ts'

export function aftermath({ daysMin }: { readonly daysMin: number }): DueRule {
  return ({ facts: { alarmedAt, learned }, nowMs }) => {
    if (alarmedAt === undefined) return { isDue: false, why: 'no alarm of drift or live rang yet' }
    const knewMs = Math.max(0, (learned?.claimedAt ?? 0) - alarmedAt)
    const [days, wanted] = [(nowMs - alarmedAt) / DAY_MS, 2 * Math.max(daysMin, knewMs / DAY_MS)]
    return {
      isDue: days >= wanted,
      why: `the last alarm of drift or live began ${days.toFixed(1)} of ${wanted.toFixed(1)} days ago`,
    }
  }
}
