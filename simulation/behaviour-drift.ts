// Behaviour that drifts: from a moment on everybody comes less often and is less inclined to what the
// project is after.
import type { Behaviour, Scores, Simulator } from './domain.ts'

/** The moment where none is given, as a share of the whole time. */
export const DRIFT_SHARE = 0.6
const AWAY_FACTOR = 1.8
const APPETITE_LOST = 0.7

/** How the same user behaves after the drift. */
export function afterDrift(behaviour: Behaviour, { wanted }: Pick<Simulator, 'wanted'>): Behaviour {
  const lessOf = (scores: Scores<string>): Scores<string> => ({
    ...scores,
    [wanted]: (scores[wanted] ?? 0) - APPETITE_LOST,
  })
  return {
    stay: (now) => behaviour.stay(now),
    awayDays: (now) => AWAY_FACTOR * behaviour.awayDays(now),
    inVisit: (now) => lessOf(behaviour.inVisit(now)),
    newVisit: (now) => lessOf(behaviour.newVisit(now)),
  }
}
