// What the Worker does by the clock, at the moment that the trigger brings. One job more is a line.
import type { Project } from '../../features/project.ts'
import { clockFor } from '../clock.ts'
import { encodeTexts } from './encode-texts.ts'
import type { EncodeRequest } from './encode-texts.ts'
import { guardRollout } from './guard-rollout.ts'
import type { GuardSources } from './guard-rollout.ts'
import { keepLogBounded } from './keep-log-bounded.ts'
import { settleOutcomes } from './settle-outcomes.ts'
import { considerTraining } from './trainings.ts'
import type { TurnRequest } from './trainings.ts'
import { tellAlarms } from './tell-alarms.ts'
import type { TellRequest } from './tell-alarms.ts'
import { watchDrift } from './watch-drift.ts'
import { watchLive } from './watch-live.ts'
import { watchSkew } from './watch-skew.ts'

/** Jobs by name, in the order in which they run; each gives what it did, in words. */
const jobs: Readonly<
  Record<string, (request: TurnRequest & GuardSources & TellRequest & EncodeRequest) => Promise<string>>
> = {
  outcomes: settleOutcomes,
  encodings: encodeTexts,
  rollout: guardRollout,
  skew: watchSkew,
  live: watchLive,
  drift: watchDrift,
  training: considerTraining,
  log: keepLogBounded,
  // Last, so that what rings in this turn is told in it.
  alarms: tellAlarms,
}

/** What cron triggers call. A job that fails is logged, and keeps no other from its turn. */
export function createScheduled({ project }: { readonly project: Project }) {
  return async (
    { scheduledTime: nowMs }: Pick<ScheduledController, 'scheduledTime'>,
    env: Env & { readonly CLOCK?: string },
  ): Promise<void> => {
    const clock = clockFor(env, String(nowMs))
    const request = { project, binding: env.DB, bucket: env.BUNDLES, variables: env, nowMs, clock }
    for (const [name, job] of Object.entries(jobs)) {
      try {
        console.log(`${name}: ${await job(request)}`)
      } catch (error) {
        console.error(`${name} failed: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }
}
