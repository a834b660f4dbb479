// What came of logged answers: which packs are due, what users did since, and what is known of a day.
import type { Event } from '../../features/event.ts'
import type { Figures } from '../../features/live-figures.ts'
import type { Role } from '../../features/roles.ts'
import { attemptRead, attemptWrite } from './client.ts'
import type { Database } from './client.ts'
import { PACK_COLUMNS } from './predictions.ts'
import type { Arm, StoredPack } from './predictions.ts'

/**
 * The packs that follow the last one settled for a task, in order, all asked by a moment. One that is not due
 * yet ends the list, so that none is left behind.
 */
export async function readDuePacks(
  db: Database,
  {
    task,
    askedByMs,
    countMax,
  }: { readonly task: string; readonly askedByMs: number; readonly countMax: number },
): Promise<readonly StoredPack[]> {
  const { results } = await attemptRead('packs that are due', () =>
    db.$client
      .prepare(
        `select ${PACK_COLUMNS} from predictions
          where id > (select coalesce(max(prediction_id), 0) from outcomes where task = ?) order by id limit ?`,
      )
      .bind(task, countMax)
      .all<StoredPack>(),
  )
  const notDue = results.findIndex(({ untilAt }) => untilAt > askedByMs)
  return notDue < 0 ? results : results.slice(0, notDue)
}

interface StretchQuery {
  readonly userIds: readonly string[]
  /** After this moment … */
  readonly afterMs: number
  /** … up to this one. */
  readonly untilMs: number
}

/** What users did in a stretch of time, in order; only what `target` looks at. */
export async function readEventsOf(
  db: Database,
  { userIds, afterMs, untilMs }: StretchQuery,
): Promise<ReadonlyMap<string, readonly Event[]>> {
  type Row = [userId: string, type: string, value: number | null, occurredAt: number]
  const rows = await attemptRead('what users did', () =>
    db.$client
      .prepare(
        `select user_id, type, value, occurred_at from (select distinct value as asked from json_each(?))
          cross join events on user_id = asked
          where occurred_at > ? and occurred_at <= ? order by user_id, occurred_at, received_at, place, id`,
      )
      .bind(JSON.stringify(userIds), afterMs, untilMs)
      .raw<Row>(),
  )
  const byUser = new Map<string, Event[]>()
  for (const [userId, type, value, occurredAt] of rows) {
    const events = byUser.get(userId) ?? []
    events.push({
      id: '',
      userId,
      type,
      occurredAt,
      receivedAt: occurredAt,
      ...(value !== null && { value }),
    })
    byUser.set(userId, events)
  }
  return byUser
}

/** The labels of users for a task by the latest moment asked about by `untilMs`: of users that have one. */
export async function readLabelsOf(
  db: Database,
  {
    userIds,
    task,
    untilMs,
  }: { readonly userIds: readonly string[]; readonly task: string; readonly untilMs: number },
): Promise<ReadonlyMap<string, string>> {
  const rows = await attemptRead('labels', () =>
    db.$client
      .prepare(
        `select asked, (
            select value from labels where user_id = asked and task = ?2 and at <= ?3
            order by at desc, stored_at desc limit 1
          ) as label from (select distinct value as asked from json_each(?1)) where label is not null`,
      )
      .bind(JSON.stringify(userIds), task, untilMs)
      .raw<[string, string]>(),
  )
  return new Map(rows)
}

export interface FiguresKey extends Arm {
  readonly task: string
  readonly day: number
}

export interface LiveRow extends FiguresKey {
  readonly figures: Figures
}

/** What is known of a bundle, in all its roles, from a day on. */
export async function readLive(
  db: Database,
  {
    bundleId,
    fromDay,
    task,
  }: { readonly bundleId: string; readonly fromDay: number; readonly task?: string },
): Promise<readonly LiveRow[]> {
  const rows = await attemptRead('live figures', () =>
    db.$client
      .prepare(
        `select role, task, day, figures from live where bundle_id = ?1 and day >= ?2 and (?3 is null or task = ?3)
          order by day, task, role`,
      )
      .bind(bundleId, fromDay, task ?? null)
      .raw<[role: Role, task: string, day: number, figures: string]>(),
  )
  return rows.map(([role, name, day, figures]) => ({
    bundleId,
    role,
    task: name,
    day,
    figures: JSON.parse(figures) as Figures,
  }))
}

export interface SettledPack {
  readonly packId: number
  readonly task: string
  readonly targets: readonly (number | null)[]
  /** What is known of the days now, with this pack. */
  readonly live: readonly LiveRow[]
  readonly nowMs: number
}

/** Writes what came of a pack, all or nothing. Rejects where another turn of the clock has settled it. */
export async function storeOutcome(
  db: Database,
  { packId, task, targets, live, nowMs }: SettledPack,
): Promise<void> {
  const figures = db.$client.prepare(
    'insert or replace into live (bundle_id, role, task, day, figures) values (?, ?, ?, ?, ?)',
  )
  await attemptWrite('an outcome', () =>
    db.$client.batch([
      db.$client
        .prepare('insert into outcomes (task, prediction_id, targets, stored_at) values (?, ?, ?, ?)')
        .bind(task, packId, JSON.stringify(targets), nowMs),
      ...live.map((row) =>
        figures.bind(row.bundleId, row.role, row.task, row.day, JSON.stringify(row.figures)),
      ),
    ]),
  )
}
