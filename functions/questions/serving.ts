// What the routes of an app share to answer from bundles: one memory of roles, one cache of bundles.
import type { Project } from '../../features/project.ts'
import type { Deployment } from '../db/deployments.ts'
import { createAnswerer } from '../inference/answerer.ts'
import type { Answerer } from '../inference/answerer.ts'
import { createRoles } from './roles.ts'

export interface Serving {
  readonly roles: ReturnType<typeof createRoles>
  readonly answerer: Answerer<Deployment>
}

export function createServing(project: Project): Serving {
  return { roles: createRoles(), answerer: createAnswerer(project) }
}
