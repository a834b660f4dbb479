// What drift is looked for in, and what was found.
import type { Role } from '../../features/roles.ts'
import { attemptRead, attemptWrite } from './client.ts'
import type { Database } from './client.ts'
import { PACK_COLUMNS } from './predictions.ts'
import type { StoredPack } from './predictions.ts'

/** One thing that was looked at. */
export interface DriftFinding {
  readonly name: string
  readonly users: number
  readonly pValue: number
  /** The share of users that lie in another bin than they would. */
  readonly moved: number
  /** The same beside those who were answered first; null where they are not known yet. */
  readonly movedSince: number | null
  readonly isDrifted: boolean
  /** Of who were answered first, by bin: in the look that saw enough of them for the first time. */
  readonly first?: readonly number[]
}

export interface DriftLook {
  readonly bundleId: string
  readonly at: number
  readonly findings: readonly DriftFinding[]
}

/** The latest looks at a bundle, latest first. */
export async function readDriftLooks(
  db: Database,
  { bundleId, countMax }: { readonly bundleId: string; readonly countMax: number },
): Promise<readonly DriftLook[]> {
  const rows = await attemptRead('looks for drift', () =>
    db.$client
      .prepare('select at, report from drift_looks where bundle_id = ? order by at desc limit ?')
      .bind(bundleId, countMax)
      .raw<[at: number, report: string]>(),
  )
  return rows.map(([at, report]) => ({ bundleId, at, findings: JSON.parse(report) as DriftFinding[] }))
}

/** Of those who were answered first by a bundle, the counts by bin of each thing of which enough were seen. */
export async function readFirstCounts(
  db: Database,
  bundleId: string,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const rows = await attemptRead('what came first', () =>
    db.$client
      .prepare(
        `select value ->> 'name', value -> 'first' from drift_looks, json_each(report)
          where bundle_id = ? and value -> 'first' is not null order by at desc`,
      )
      .bind(bundleId)
      .raw<[name: string, counts: string]>(),
  )
  return new Map(rows.map(([name, counts]) => [name, JSON.parse(counts) as number[]]))
}

/** Keeps a look, and forgets those of before a moment. */
export async function storeDriftLook(
  db: Database,
  {
    look: { bundleId, at, findings },
    forgetBeforeMs,
  }: { readonly look: DriftLook; readonly forgetBeforeMs: number },
): Promise<void> {
  await attemptWrite('a look for drift', () =>
    db.$client.batch([
      db.$client
        .prepare('insert or replace into drift_looks values (?, ?, ?)')
        .bind(bundleId, at, JSON.stringify(findings)),
      db.$client.prepare('delete from drift_looks where at < ?').bind(forgetBeforeMs),
    ]),
  )
}

export interface RecentPacks {
  readonly bundleId: string
  readonly role: Role
  readonly sinceMs: number
  /** Packs of so many answers, about: a pack holds one where hardly anybody asks, and hundreds elsewhere. */
  readonly answersMax: number
}

/** Whoever answered: far more than hold what is asked for of the arm that is asked most. */
const PACKS_LOOKED_AT_MAX = 200_000

/** The latest packs of an arm, latest first. */
export async function readRecentPacks(
  db: Database,
  { bundleId, role, sinceMs, answersMax }: RecentPacks,
): Promise<readonly StoredPack[]> {
  const { results } = await attemptRead('recent packs', () =>
    db.$client
      .prepare(
        `select ${PACK_COLUMNS} from predictions where id in (
            select id from (
              select id, sum(count) over (order by id desc) - count as later from predictions
              where id in (select id from predictions order by id desc limit ${PACKS_LOOKED_AT_MAX})
                and bundle_id = ?1 and role = ?2 and until_at >= ?3
            ) where later < ?4
          ) order by id desc`,
      )
      .bind(bundleId, role, sinceMs, answersMax)
      .all<StoredPack>(),
  )
  return results
}

/** A pack with what came of its answers to a task. */
export interface JudgedPack extends StoredPack {
  readonly targets: string
}

/** The packs of an arm that were judged last for a task, latest first. */
export async function readJudgedPacks(
  db: Database,
  { bundleId, role, task, answersMax }: Omit<RecentPacks, 'sinceMs'> & { readonly task: string },
): Promise<readonly JudgedPack[]> {
  const { results } = await attemptRead('judged packs', () =>
    db.$client
      .prepare(
        `select ${PACK_COLUMNS}, targets from outcomes join predictions on id = prediction_id
          where task = ?3 and prediction_id in (
            select id from (
              select id, sum(count) over (order by id desc) - count as later from predictions
              where id in (
                  select prediction_id from outcomes where task = ?3
                  order by prediction_id desc limit ${PACKS_LOOKED_AT_MAX}
                )
                and bundle_id = ?1 and role = ?2
            ) where later < ?4
          ) order by id desc`,
      )
      .bind(bundleId, role, task, answersMax)
      .all<JudgedPack>(),
  )
  return results
}
