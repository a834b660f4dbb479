// What the Worker does by the clock. The moment is passed in here, and here alone, so that months can be run
// through in minutes. One job more is a line.
import type { Project } from '../../features/project.ts'
import { considerTraining } from './trainings.ts'
import type { TurnRequest } from './trainings.ts'

/** Jobs by name, in the order in which they run; each gives what it did, in words. */
const jobs: Readonly<Record<string, (request: TurnRequest) => Promise<string>>> = {
  training: considerTraining,
}

/** What cron triggers call. A job that fails is logged, and keeps no other from its turn. */
export function createScheduled({ project }: { readonly project: Project }) {
  return async (
    { scheduledTime: nowMs }: Pick<ScheduledController, 'scheduledTime'>,
    env: Env,
  ): Promise<void> => {
    for (const [name, job] of Object.entries(jobs)) {
      try {
        console.log(`${name}: ${await job({ project, binding: env.DB, variables: env, nowMs })}`)
      } catch (error) {
        console.error(`${name} failed: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }
}
