// What came of logged answers: which packs are due, what users did since, and what is known of a day.
import type { Event } from '../../features/event.ts'
import type { Figures } from '../../features/live-figures.ts'
import type { Role } from '../../features/roles.ts'
import { attemptRead, attemptWrite } from './client.ts'
import type { Database } from './client.ts'
import { PACK_COLUMNS } from './predictions.ts'
import type { Arm, StoredPack } from './predictions.ts'

/**
 * The packs that follow the last one settled for a task, in order, all asked by a moment, of about so many answers.
 * One that is not due yet ends the list, so that none is left behind.
 */
export async function readDuePacks(
  db: Database,
  {
    task,
    askedByMs,
    answersMax,
  }: { readonly task: string; readonly askedByMs: number; readonly answersMax: number },
): Promise<readonly StoredPack[]> {
  const { results } = await attemptRead('packs that are due', () =>
    db.$client
      .prepare(
        `select ${PACK_COLUMNS} from predictions where id in (
            select id from (
              select id, sum(count) over (order by id rows unbounded preceding) - count as before from (
                select id, count from predictions
                where id > (select coalesce(max(prediction_id), 0) from outcomes where task = ?1)
                order by id limit ?2
              )
            ) where before < ?2
          ) order by id`,
      )
      .bind(task, answersMax)
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

/**
 * Of each user and moment the label of a task by the latest moment asked about until then; undefined where there is
 * none.
 */
export async function readLabelsOf(
  db: Database,
  {
    asked,
    task,
  }: { readonly asked: readonly { readonly userId: string; readonly atMs: number }[]; readonly task: string },
): Promise<readonly (string | undefined)[]> {
  const rows = await attemptRead('labels', () =>
    db.$client
      .prepare(
        `select (
            select value from labels where user_id = asked.value ->> 0 and task = ?2 and at <= asked.value ->> 1
            order by at desc, stored_at desc limit 1
          ) from json_each(?1) as asked order by asked.key`,
      )
      .bind(JSON.stringify(asked.map(({ userId, atMs }) => [userId, atMs])), task)
      .raw<[string | null]>(),
  )
  return rows.map(([label]) => label ?? undefined)
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

export interface SettledPacks {
  readonly task: string
  readonly packs: readonly { readonly packId: number; readonly targets: readonly (number | null)[] }[]
  /** What is known of the days now, with these packs. */
  readonly live: readonly LiveRow[]
  readonly nowMs: number
}

/** Writes what came of packs, all or nothing. Rejects where another turn of the clock has settled one of them. */
export async function storeOutcomes(db: Database, { task, packs, live, nowMs }: SettledPacks): Promise<void> {
  const outcomes = packs.map(({ packId, targets }) => [packId, JSON.stringify(targets)])
  const figures = live.map(({ bundleId, role, day, figures: known }) => [
    bundleId,
    role,
    task,
    day,
    JSON.stringify(known),
  ])
  await attemptWrite('outcomes', () =>
    db.$client.batch([
      db.$client
        .prepare(
          `insert into outcomes (task, prediction_id, targets, stored_at)
            select ?1, value ->> 0, value ->> 1, ?3 from json_each(?2)`,
        )
        .bind(task, JSON.stringify(outcomes), nowMs),
      db.$client
        .prepare(
          `insert or replace into live (bundle_id, role, task, day, figures)
            select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 from json_each(?)`,
        )
        .bind(JSON.stringify(figures)),
    ]),
  )
}
