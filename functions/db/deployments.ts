// Which bundle plays which role, which bundles there are, and how roles change.
import { desc, eq, isNull } from 'drizzle-orm'
import { planRoleChange } from '../../features/roles.ts'
import type { Role, RoleChange, RoleFault, RoleState } from '../../features/roles.ts'
import { ROLE_STATE_SQL, roleStateOf, roleStatements } from '../../features/roles-sql.ts'
import type { ChangeAuthor } from '../../features/roles-sql.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import { attemptRead, attemptWrite } from './client.ts'
import type { Database } from './client.ts'
import { audit, bundles, deployments } from './schema.ts'

/** A bundle in a role. */
export interface Deployment {
  readonly role: Role
  readonly bundleId: string
  readonly family: string
  /** When the bundle was published. */
  readonly createdAt: number
  /** Since when it plays the role with this share. */
  readonly fromAt: number
  /** The share of users that it answers, above 0 and at most 1. */
  readonly share: number
  /** Of a challenger whose share grows by itself: how long a step lasts, milliseconds. */
  readonly stepMs: number | null
}

/** Who plays the roles now; a role that nobody plays is absent. */
export type Roles = { readonly [Name in Role]?: Deployment }

/** A published bundle. */
export interface BundleRow {
  readonly id: string
  readonly project: string
  readonly family: string
  readonly card: string
  readonly createdAt: number
}

/** A change of roles, as it was made. */
export type AuditRow = typeof audit.$inferSelect

/** The query for the open rows, to be run alone or in a batch; the latest first. */
export function selectOpen(db: Database) {
  return db
    .select({
      role: deployments.role,
      bundleId: deployments.bundleId,
      family: bundles.family,
      createdAt: bundles.createdAt,
      fromAt: deployments.fromAt,
      share: deployments.share,
      stepMs: deployments.stepMs,
    })
    .from(deployments)
    .innerJoin(bundles, eq(bundles.id, deployments.bundleId))
    .where(isNull(deployments.untilAt))
    .orderBy(desc(deployments.id))
}

/** Of the open rows of a role the latest counts. */
export function toRoles(rows: readonly Deployment[]): Roles {
  return Object.fromEntries(rows.toReversed().map((row) => [row.role, row]))
}

export async function readRoles(db: Database): Promise<Roles> {
  return toRoles(await attemptRead('the roles', () => selectOpen(db)))
}

/** The roles and the latest published bundles, latest first, in one call. */
export async function readModels(
  db: Database,
  countMax: number,
): Promise<{ readonly roles: Roles; readonly bundles: readonly BundleRow[] }> {
  const [open, rows] = await attemptRead('the bundles', () =>
    db.batch([
      selectOpen(db),
      db.select().from(bundles).orderBy(desc(bundles.createdAt), desc(bundles.id)).limit(countMax),
    ]),
  )
  return { roles: toRoles(open), bundles: rows }
}

/** One published bundle; undefined where there is none of this id. */
export async function readBundle(db: Database, id: string): Promise<BundleRow | undefined> {
  const [row] = await attemptRead('a bundle', () => db.select().from(bundles).where(eq(bundles.id, id)))
  return row
}

/** Publishes a bundle; one that is published already stays as it is. */
export async function storeBundle(db: Database, row: BundleRow): Promise<void> {
  await attemptWrite('a bundle', () => db.insert(bundles).values(row).onConflictDoNothing())
}

/** The roles, their version (features/roles.ts) and the latest changes of them, latest first, in one call. */
export async function readAudit(
  db: Database,
  countMax: number,
): Promise<{ readonly roles: Roles; readonly version: number; readonly audit: readonly AuditRow[] }> {
  const [open, rows] = await attemptRead('the audit', () =>
    db.batch([selectOpen(db), db.select().from(audit).orderBy(desc(audit.id)).limit(countMax)]),
  )
  return { roles: toRoles(open), version: rows[0]?.id ?? 0, audit: rows }
}

/** `changed_meanwhile`: somebody else changed the roles between the look at them and the change. */
export type ChangeFault = RoleFault | { readonly code: 'changed_meanwhile' }

export interface ChangeOrigin extends ChangeAuthor {
  /** The version of the roles that was looked at; where absent, whatever holds now is changed. */
  readonly decidedOn?: number | undefined
}

/** Changes roles all or nothing, and writes it into the audit. */
export async function changeRoles(
  db: Database,
  change: RoleChange,
  { decidedOn, ...author }: ChangeOrigin,
): Promise<Result<Roles, ChangeFault>> {
  const state = await readRoleState(db)
  if (decidedOn !== undefined && decidedOn !== state.version) return fail({ code: 'changed_meanwhile' })
  const plan = planRoleChange(state, change)
  if (!plan.ok) return plan
  const statements = roleStatements(state, plan.value, author).map((text) => db.$client.prepare(text))
  try {
    await attemptWrite('the roles', () => db.$client.batch(statements))
  } catch (error) {
    if ((await readRoleState(db)).version === state.version) throw error
    return fail({ code: 'changed_meanwhile' })
  }
  return succeed(await readRoles(db))
}

/** Who plays which role, with what came before: what a change is decided on. */
export async function readRoleState(db: Database): Promise<RoleState> {
  const { results } = await attemptRead('the roles', () => db.$client.prepare(ROLE_STATE_SQL).all())
  return roleStateOf(results[0])
}
