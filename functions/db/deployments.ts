// Which bundle answers, and which bundles there are.
import { desc, eq } from 'drizzle-orm'
import { attempt } from './client.ts'
import type { Database } from './client.ts'
import { bundles, deployments } from './schema.ts'

/** The bundle in the role of champion. */
export interface Deployment {
  readonly bundleId: string
  readonly family: string
  readonly createdAt: number
  readonly deployedAt: number
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
      deployedAt: deployments.deployedAt,
    })
    .from(deployments)
    .innerJoin(bundles, eq(bundles.id, deployments.bundleId))
    .where(eq(deployments.role, 'champion'))
    .limit(1)
}

export async function readChampion(db: Database): Promise<Deployment | undefined> {
  const [deployment] = await attempt(selectChampion(db))
  return deployment
}

/** The champion and the latest published bundles, latest first, in one call. */
export async function readModels(
  db: Database,
  countMax: number,
): Promise<{ readonly champion: Deployment | undefined; readonly bundles: readonly BundleRow[] }> {
  const [champions, rows] = await attempt(
    db.batch([
      selectChampion(db),
      db.select().from(bundles).orderBy(desc(bundles.createdAt), desc(bundles.id)).limit(countMax),
    ]),
  )
  return { champion: champions[0], bundles: rows }
}
