// What the routes of an app share to answer from bundles: one memory of roles, one cache of bundles, one log.
import type { Project } from '../../features/project.ts'
import type { Deployment } from '../db/deployments.ts'
import { createAnswerer } from '../inference/answerer.ts'
import type { Answerer } from '../inference/answerer.ts'
import { createPredictionLog } from '../log/prediction-log.ts'
import type { LogOptions, PredictionLog } from '../log/prediction-log.ts'
import { createRoles } from './roles.ts'

export interface Serving {
  readonly roles: ReturnType<typeof createRoles>
  readonly answerer: Answerer<Deployment>
  readonly log: PredictionLog
}

export function createServing(project: Project, log: LogOptions = {}): Serving {
  return { roles: createRoles(), answerer: createAnswerer(project), log: createPredictionLog(log) }
}
