// Which logged answers were made again, and when something about a user was stored just before a moment.
import { attemptRead, attemptWrite } from './client.ts'
import type { Database } from './client.ts'
import { PACK_COLUMNS } from './predictions.ts'
import type { StoredPack } from './predictions.ts'

/** The packs that follow the last one checked, the latest ones where there are many. */
export async function readUncheckedPacks(db: Database, countMax: number): Promise<readonly StoredPack[]> {
  const { results } = await attemptRead('packs to check', () =>
    db.$client
      .prepare(
        `select ${PACK_COLUMNS} from predictions
          where id > (select coalesce(max(prediction_id), 0) from skew_checks) order by id desc limit ?`,
      )
      .bind(countMax)
      .all<StoredPack>(),
  )
  return results.toReversed()
}

export interface SkewCheck {
  readonly packId: number
  readonly nowMs: number
  readonly checked: number
  readonly differing: number
  readonly differenceMax: number
}

export async function storeSkewCheck(db: Database, check: SkewCheck): Promise<void> {
  const { packId, nowMs, checked, differing, differenceMax } = check
  await attemptWrite('a check', () =>
    db.$client
      .prepare('insert or ignore into skew_checks values (?, ?, ?, ?, ?)')
      .bind(packId, nowMs, checked, differing, differenceMax)
      .run(),
  )
}

/**
 * When facts about a user or an item of theirs were stored within a stretch of time up to a moment, the latest first: one that was
 * being written while the answer was made may or may not have been seen.
 */
export async function readStoredJustBefore(
  db: Database,
  { userId, atMs, withinMs }: { readonly userId: string; readonly atMs: number; readonly withinMs: number },
): Promise<readonly number[]> {
  const rows = await attemptRead('what was stored just before', () =>
    db.$client
      .prepare(
        `select stored_at from events where user_id = ?1 and stored_at > ?2 - ?3 and stored_at <= ?2
          union select stored_at from users where id = ?1 and stored_at > ?2 - ?3 and stored_at <= ?2
          union select stored_at from items where id in (select item_id from events where user_id = ?1)
            and stored_at > ?2 - ?3 and stored_at <= ?2
          order by 1 desc`,
      )
      .bind(userId, atMs, withinMs)
      .raw<[number]>(),
  )
  return rows.map(([storedAt]) => storedAt)
}
