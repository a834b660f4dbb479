// Which bundle plays which role, and which bundles there are.
import { and, desc, eq, isNull } from 'drizzle-orm'
import { attemptRead } from './client.ts'
import type { Database } from './client.ts'
import { bundles, deployments } from './schema.ts'

/** A bundle in a role. */
export interface Deployment {
  readonly bundleId: string
  readonly family: string
  /** When the bundle was published. */
  readonly createdAt: number
  /** Since when it plays the role. */
  readonly fromAt: number
}

/** Who plays the roles now; a role that nobody plays is absent. */
export interface Roles {
  readonly champion?: Deployment
}

/** A published bundle. */
export interface BundleRow {
  readonly id: string
  readonly project: string
  readonly family: string
  readonly card: string
  readonly createdAt: number
}

/** The query for the champion's row, to be run alone or in a batch. */
function selectChampion(db: Database) {
  return db
    .select({
      bundleId: deployments.bundleId,
      family: bundles.family,
      createdAt: bundles.createdAt,
      fromAt: deployments.fromAt,
    })
    .from(deployments)
    .innerJoin(bundles, eq(bundles.id, deployments.bundleId))
    .where(and(eq(deployments.role, 'champion'), isNull(deployments.untilAt)))
    .orderBy(desc(deployments.id))
    .limit(1)
}

export async function readRoles(db: Database): Promise<Roles> {
  const [champion] = await attemptRead('the roles', () => selectChampion(db))
  return champion === undefined ? {} : { champion }
}

/** The champion and the latest published bundles, latest first, in one call. */
export async function readModels(
  db: Database,
  countMax: number,
): Promise<{ readonly champion: Deployment | undefined; readonly bundles: readonly BundleRow[] }> {
  const [champions, rows] = await attemptRead('the bundles', () =>
    db.batch([
      selectChampion(db),
      db.select().from(bundles).orderBy(desc(bundles.createdAt), desc(bundles.id)).limit(countMax),
    ]),
  )
  return { champion: champions[0], bundles: rows }
}
