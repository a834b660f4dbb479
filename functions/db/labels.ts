// Writing what came true of label tasks: whole requests in one call, idempotent by user, task and moment.
import { sql } from 'drizzle-orm'
import { attemptWrite } from './client.ts'
import type { Database } from './client.ts'
import { noteHeard } from './heard.ts'
import { labels } from './schema.ts'

export interface Label {
  readonly userId: string
  readonly task: string
  /** The moment asked about, Unix milliseconds. */
  readonly at: number
  readonly value: string
  /** Since when the value is known, Unix milliseconds. */
  readonly knownAt: number
}

/**
 * Stores labels, all or nothing, of which no two are about the same user, task and moment. One whose value
 * is held already is not stored again; another value stands beside the one that it corrects.
 * @returns how many were stored
 */
export async function storeLabels(
  db: Database,
  { sent, storedAt }: { readonly sent: readonly Label[]; readonly storedAt: number },
): Promise<number> {
  const rows = JSON.stringify(
    sent.map(({ userId, task, at, value, knownAt }) => [userId, task, at, value, knownAt]),
  )
  const [inserted] = await attemptWrite('labels', () =>
    db.batch([insertLabels(db, { rows, storedAt }), noteHeard(db, 'labels')]),
  )
  return inserted.meta.changes
}

function insertLabels(
  db: Database,
  { rows, storedAt }: { readonly rows: string; readonly storedAt: number },
) {
  return db
    .insert(labels)
    .select(
      sql`select sent.value ->> 0, sent.value ->> 1, sent.value ->> 2, sent.value ->> 3, sent.value ->> 4, ${storedAt}
        from json_each(${rows}) as sent
        where sent.value ->> 3 is not (
          select held.value from ${labels} as held
          where held.user_id = sent.value ->> 0 and held.task = sent.value ->> 1 and held.at = sent.value ->> 2
          order by held.stored_at desc limit 1
        )`,
    )
    .onConflictDoUpdate({
      target: [labels.userId, labels.task, labels.at, labels.storedAt],
      set: { value: sql`excluded.value`, knownAt: sql`excluded.known_at` },
    })
}
