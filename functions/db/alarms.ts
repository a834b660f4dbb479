// What somebody ought to look at: one row a kind while it rings.
import { attemptRead, attemptWrite } from './client.ts'
import type { Database } from './client.ts'

/** `skew`: answers do not come out again from what is stored. */
export type AlarmKind = 'skew'

export interface Alarm {
  readonly kind: AlarmKind
  readonly at: number
  readonly detail: string
}

/** Those that ring. */
export async function readAlarms(db: Database): Promise<readonly Alarm[]> {
  const { results } = await attemptRead('alarms', () =>
    db.$client.prepare('select kind, at, detail from alarms where until_at is null order by id').all<Alarm>(),
  )
  return results
}

/** Lets an alarm ring, unless one of its kind does. */
export async function ringAlarm(db: Database, { kind, at, detail }: Alarm): Promise<void> {
  await attemptWrite('an alarm', () =>
    db.$client
      .prepare(
        `insert into alarms (kind, at, detail) select ?1, ?2, ?3
          where not exists (select 1 from alarms where kind = ?1 and until_at is null)`,
      )
      .bind(kind, at, detail)
      .run(),
  )
}

/** Ends an alarm, if it rings. */
export async function endAlarm(
  db: Database,
  { kind, nowMs }: { readonly kind: AlarmKind; readonly nowMs: number },
): Promise<void> {
  await attemptWrite('an alarm', () =>
    db.$client
      .prepare('update alarms set until_at = ? where kind = ? and until_at is null')
      .bind(nowMs, kind)
      .run(),
  )
}
