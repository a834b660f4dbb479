// Which bundles play which roles, as every request asks: remembered, so that it costs no call of its own.
import type { Clock } from '../clock.ts'
import { connect } from '../db/client.ts'
import { readRoles } from '../db/deployments.ts'
import type { Roles } from '../db/deployments.ts'
import { isUnavailable } from '../db/storage-error.ts'
import { createRemembered } from '../remembered.ts'

export interface RoleSources {
  readonly binding: D1Database
  readonly keepAlive: (work: Promise<unknown>) => void
  readonly clock: Clock
}

/** Two seconds after a publish every isolate knows of it; while D1 is away what was known stays. */
const MEMORY = {
  refreshAfterMs: 1_000,
  staleAfterMs: 2_000,
  standsInMs: Infinity,
  isUnavailable,
} as const

/** One memory of roles for all routes of an app. Rejects with StorageError where nothing is known yet. */
export function createRoles(): (sources: RoleSources) => Promise<Roles> {
  const roles = createRemembered<Roles>(MEMORY)
  return ({ binding, ...work }) => roles.get({ read: () => readRoles(connect(binding)), ...work })
}
