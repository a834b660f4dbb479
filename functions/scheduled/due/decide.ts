// Whether a training is due now, and why or why not. No I/O, no clock.
import type { TrainingFacts } from '../../db/trainings.ts'
import type { Verdict } from './rule.ts'
import { dueRules } from './rules.ts'

/** Two trainings lie at least so far apart, whatever the rules say. */
export const FLOOR_MS = 6 * 3_600_000

export interface DecideRequest {
  readonly facts: TrainingFacts
  readonly nowMs: number
  /** False switches trainings by schedule off. */
  readonly isOn: boolean
}

export function decide({ facts, nowMs, isOn }: DecideRequest): Verdict {
  if (!isOn) return no("switched off: the variable TRAINING is 'off'")
  const { open, last, championSince = 0, onTrial } = facts
  if (open !== undefined) return no(`training ${open.id} is ${open.state}`)
  // It becomes champion, or goes back, before another is compared with the champion: beside it none may be on trial.
  if (onTrial !== undefined) return no(describeTrial(onTrial))
  const restMs = Math.max(last?.endedAt ?? 0, championSince) + FLOOR_MS - nowMs
  if (restMs > 0)
    return no(
      `the last training or change of the champion is ${hours(FLOOR_MS - restMs)} of ${hours(FLOOR_MS)} ago`,
    )
  const verdicts = Object.values(dueRules).map((rule) => rule({ facts, nowMs }))
  const due = verdicts.filter(({ isDue }) => isDue)
  const words = (due.length > 0 ? due : verdicts).map(({ why }) => why).join('; ')
  return { isDue: due.length > 0, why: words }
}

function describeTrial({ bundleId, growsByItself }: NonNullable<TrainingFacts['onTrial']>): string {
  const words = `bundle ${bundleId} is on trial`
  return growsByItself ? words : `${words} until somebody promotes it or rolls it back`
}

function no(why: string): Verdict {
  return { isDue: false, why }
}

function hours(ms: number): string {
  return `${(ms / 3_600_000).toFixed(1)} h`
}
