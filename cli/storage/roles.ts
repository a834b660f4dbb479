// Changes which bundle plays which role, and tells which did.
import { userInfo } from 'node:os'
import { describeRoleFault, planRoleChange } from '../../features/roles.ts'
import type { RoleChange, RolePlan, RoleState } from '../../features/roles.ts'
import { ROLE_STATE_SQL, roleStateOf, roleStatements } from '../../features/roles-sql.ts'
import { CommandError } from '../terminal/failure.ts'
import type { Storage } from './storage.ts'

export async function readRoleState(storage: Storage): Promise<RoleState> {
  const [row] = await storage.select(ROLE_STATE_SQL)
  return roleStateOf(row)
}

/**
 * The id of the published bundle that begins so. Throws CommandError where none does, or several do.
 */
export async function findPublished(storage: Storage, start: string): Promise<string> {
  const { bundles } = await readRoleState(storage)
  const found = bundles.filter((id) => id.startsWith(start))
  const [id] = found
  if (id !== undefined && found.length === 1) return id
  throw new CommandError(
    found.length === 0
      ? `No bundle '${start}' was published here: presage bundles lists those that were, presage publish adds one`
      : `'${start}' begins ${found.length} bundles: ${found.join(', ')}`,
  )
}

export interface ChangeRequest {
  readonly storage: Storage
  readonly change: RoleChange
  readonly nowMs: number
  /** Why, kept with the deployment and in the audit. */
  readonly note?: string
}

/**
 * Changes roles all or nothing; gives what was done. Throws CommandError where that is not allowed, or where
 * somebody else changed them meanwhile: then it did nothing.
 */
export async function changeRoles({ storage, change, nowMs, note = '' }: ChangeRequest): Promise<RolePlan> {
  const state = await readRoleState(storage)
  const plan = planRoleChange(state, change)
  if (!plan.ok) throw new CommandError(describeRoleFault(plan.reason))
  try {
    await storage.execute(roleStatements(state, plan.value, { by: operator(), note, nowMs }))
  } catch (error) {
    if ((await readRoleState(storage)).version === state.version) throw error
    throw new CommandError(
      'Somebody else changed the roles meanwhile, and this changed nothing: look at presage bundles, then do it again',
    )
  }
  return plan.value
}

/** Who deploys: the actor of a workflow, else the user of this machine. */
function operator(): string {
  return process.env['GITHUB_ACTOR'] ?? userInfo().username
}
