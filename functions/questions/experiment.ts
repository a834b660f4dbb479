// The experiment that a challenger on trial is: its users against the champion's, by what they did after they were
// first answered. Who belongs to which arm the hash says, whoever answered in the end: so a challenger that often
// gives way is not judged by the users with whom it did not.
import { DAY_MS } from '../../features/project.ts'
import { unpackPredictions } from '../../features/prediction-pack.ts'
import { isWithinShare } from '../../features/share.ts'
import { addUser, NO_USERS } from '../../features/statistics/cuped.ts'
import type { ArmSums } from '../../features/statistics/cuped.ts'
import { judgeExperiment } from '../../features/statistics/experiment.ts'
import type { ExperimentVerdict } from '../../features/statistics/experiment.ts'
import type { Database } from '../db/client.ts'
import type { Deployment } from '../db/deployments.ts'
import { readRecentPacks } from '../db/drift.ts'
import { readDone } from '../db/experiment.ts'

/** Answers of each arm that are read, the latest. */
const ANSWERS_MAX = 20_000
const PAST_MS = 28 * DAY_MS

export interface ExperimentRequest {
  readonly champion: Deployment
  /** Answers less than everybody. */
  readonly challenger: Deployment
  /** What is counted of each user: events of this type, or their values. */
  readonly event: string
  readonly measure: 'count' | 'value'
  readonly better: 'higher' | 'lower'
  readonly nowMs: number
}

export interface RunExperiment {
  readonly days: number
  readonly control: ArmSums
  readonly treatment: ArmSums
  readonly verdict: ExperimentVerdict
}

/** Since the challenger answers its present share. */
export async function runExperiment(db: Database, request: ExperimentRequest): Promise<RunExperiment> {
  const { champion, challenger, event, measure, better, nowMs } = request
  const { fromAt: sinceMs, share, bundleId: salt } = challenger
  const arms = await Promise.all(
    [champion, challenger].map(({ bundleId, role }) =>
      readRecentPacks(db, { bundleId, role, sinceMs, answersMax: ANSWERS_MAX }),
    ),
  )
  // Of an arm of which not all is read no user counts who was answered before what is: else the split would break.
  const begun = arms.map((packs) => {
    const answers = packs.reduce((sum, { count }) => sum + count, 0)
    return answers < ANSWERS_MAX ? sinceMs : (packs.at(-1)?.fromAt ?? sinceMs)
  })
  const fromMs = Math.max(sinceMs, ...begun)
  const firstAt = new Map<string, number>()
  for (const { userId, atMs } of arms.flat().flatMap(({ pack }) => unpackPredictions(pack))) {
    if (atMs >= fromMs) firstAt.set(userId, Math.min(atMs, firstAt.get(userId) ?? atMs))
  }
  const done = await readDone(db, {
    firstAt,
    type: event,
    measure,
    untilMs: nowMs,
    pastFromMs: sinceMs - PAST_MS,
    pastUntilMs: sinceMs,
  })
  let [control, treatment] = [NO_USERS, NO_USERS]
  for (const { userId, ...user } of done) {
    if (isWithinShare(userId, { salt, share })) treatment = addUser(treatment, user)
    else control = addUser(control, user)
  }
  const days = (nowMs - fromMs) / DAY_MS
  const assigned = { control: control.users, treatment: treatment.users }
  const verdict = judgeExperiment({ assigned, treatmentShare: share, control, treatment, better, days })
  return { days, control, treatment, verdict }
}
