// What somebody ought to look at: one row a kind while it rings. docs/operations.md says what to do for each.
import type { AlarmKind } from '../../features/alarms.ts'
import { attemptRead, attemptWrite } from './client.ts'
import type { Database } from './client.ts'

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

/** When one of these kinds last began to ring, be it over or not; undefined where none ever did. */
export async function lastBeginning(db: Database, kinds: readonly AlarmKind[]): Promise<number | undefined> {
  const { results } = await attemptRead('alarms', () =>
    db.$client
      .prepare('select max(at) as at from alarms where kind in (select value from json_each(?))')
      .bind(JSON.stringify(kinds))
      .all<{ readonly at: number | null }>(),
  )
  return results[0]?.at ?? undefined
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

/** Lets an alarm ring about who answers since a moment: one that began before is about another, and ends. */
export async function ringAlarmOf(
  db: Database,
  { alarm, answersSince }: { readonly alarm: Alarm; readonly answersSince: number },
): Promise<void> {
  await endAlarm(db, { kind: alarm.kind, nowMs: alarm.at, beganBefore: answersSince })
  await ringAlarm(db, alarm)
}

interface Ending {
  readonly kind: AlarmKind
  readonly nowMs: number
  /** One that began later rings on; whenever it began where absent. */
  readonly beganBefore?: number
}

/** Ends an alarm, if it rings. */
export async function endAlarm(
  db: Database,
  { kind, nowMs, beganBefore = Number.MAX_SAFE_INTEGER }: Ending,
): Promise<void> {
  await attemptWrite('an alarm', () =>
    db.$client
      .prepare('update alarms set until_at = ? where kind = ? and until_at is null and at < ?')
      .bind(nowMs, kind, beganBefore)
      .run(),
  )
}

/** A change of an alarm that somebody is to be told. */
export interface UntoldAlarm extends Alarm {
  readonly id: number
  /** Null while it rings. */
  readonly untilAt: number | null
}

/**
 * Alarms that ring and were not told, and told ones that ended since, in order. One that ended before it could
 * be told is left out, and so is the one about telling itself.
 */
export async function readUntoldAlarms(db: Database, countMax: number): Promise<readonly UntoldAlarm[]> {
  const { results } = await attemptRead('alarms to tell', () =>
    db.$client
      .prepare(
        `select id, kind, at, detail, until_at as untilAt from alarms
          where kind <> 'webhook' and ((until_at is null and told_at is null)
            or (until_at is not null and told_at is not null and end_told_at is null))
          order by id limit ?`,
      )
      .bind(countMax)
      .all<UntoldAlarm>(),
  )
  return results
}

/** Notes that a change was taken. */
export async function noteToldAlarm(
  db: Database,
  { alarm: { id, untilAt }, nowMs }: { readonly alarm: UntoldAlarm; readonly nowMs: number },
): Promise<void> {
  const column = untilAt === null ? 'told_at' : 'end_told_at'
  await attemptWrite('an alarm', () =>
    db.$client.prepare(`update alarms set ${column} = ? where id = ?`).bind(nowMs, id).run(),
  )
}
