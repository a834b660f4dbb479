// The log of predictions: packs of answers, and tallies of all that was asked. One call writes many answers.
import { DAY_MS } from '../../features/project.ts'
import { packPredictions } from '../../features/prediction-pack.ts'
import type { LoggedPrediction } from '../../features/prediction-pack.ts'
import type { Role } from '../../features/roles.ts'
import { attemptRead, attemptWrite } from './client.ts'
import type { Database } from './client.ts'

/** Who answered: a bundle in a role. */
export interface Arm {
  readonly bundleId: string
  readonly role: Role
}

/** What was asked of an arm, logged or not. */
export interface Tally {
  readonly requests: number
  /** Where its model did not answer though it was asked. */
  readonly failures: number
  /** Sums of the milliseconds that the clock of the Worker saw, and of their squares. */
  readonly latencyMs: number
  readonly latencyMsSquared: number
}

export interface ArmLog {
  readonly arm: Arm
  readonly tally: Tally
  readonly predictions: readonly LoggedPrediction[]
}

/** The UTC day of a moment, counted from 1970. */
export function dayOf(atMs: number): number {
  return Math.floor(atMs / DAY_MS)
}

/**
 * Writes all arms in one call, all or nothing. Gives how much the arm that is asked most is asked on a day by all
 * isolates together, of today and yesterday the more.
 */
export async function storeLog(
  db: Database,
  { arms, nowMs }: { readonly arms: readonly ArmLog[]; readonly nowMs: number },
): Promise<number> {
  const tallyStatement = db.$client.prepare(TALLY_SQL)
  const packStatement = db.$client.prepare(PACK_SQL)
  const written = arms.flatMap(({ arm: { bundleId, role }, tally, predictions }) => {
    const { requests, failures, latencyMs, latencyMsSquared } = tally
    const sums = [requests, failures, latencyMs, latencyMsSquared, predictions.length]
    const tallied = tallyStatement.bind(bundleId, role, dayOf(nowMs), ...sums)
    const packs = packsOf(predictions).map(({ from, until, count, pack }) =>
      packStatement.bind(bundleId, role, from, until, count, pack, nowMs),
    )
    return [tallied, ...packs]
  })
  const asked = db.$client.prepare(ASKED_SQL).bind(dayOf(nowMs) - 1)
  const results = await attemptWrite('predictions', () =>
    db.$client.batch<{ readonly asked: number }>([...written, asked]),
  )
  return results.at(-1)?.results[0]?.asked ?? 0
}

/** D1 takes no row beyond 2 MB, and what is asked may bring long texts. A character takes three bytes at the most. */
const PACK_CHARACTERS_MAX = 600_000

/** One pack, or several where one would be too long. */
function packsOf(predictions: readonly LoggedPrediction[]): readonly NewPack[] {
  if (predictions.length === 0) return []
  const pack = packPredictions(predictions)
  if (pack.length > PACK_CHARACTERS_MAX && predictions.length > 1) {
    const half = Math.ceil(predictions.length / 2)
    return [predictions.slice(0, half), predictions.slice(half)].flatMap(packsOf)
  }
  const moments = predictions.map(({ atMs }) => atMs)
  return [{ from: Math.min(...moments), until: Math.max(...moments), count: predictions.length, pack }]
}

interface NewPack {
  readonly from: number
  readonly until: number
  readonly count: number
  readonly pack: string
}

const ASKED_SQL = 'select max(requests) as asked from traffic where day >= ?'

const TALLY_SQL = `
  insert into traffic (bundle_id, role, day, requests, failures, latency_ms, latency_ms_squared, logged)
  values (?, ?, ?, ?, ?, ?, ?, ?)
  on conflict do update set requests = requests + excluded.requests, failures = failures + excluded.failures,
    latency_ms = latency_ms + excluded.latency_ms,
    latency_ms_squared = latency_ms_squared + excluded.latency_ms_squared, logged = logged + excluded.logged`

const PACK_SQL =
  'insert into predictions (bundle_id, role, from_at, until_at, count, pack, stored_at) values (?, ?, ?, ?, ?, ?, ?)'

/** A pack as it was stored; `pack` is read by unpackPredictions. */
export interface StoredPack extends Arm {
  readonly id: number
  readonly fromAt: number
  readonly untilAt: number
  /** How many answers. */
  readonly count: number
  readonly pack: string
}

export const PACK_COLUMNS =
  'id, bundle_id as bundleId, role, from_at as fromAt, until_at as untilAt, count, pack'

/** Days of tallies by bundle. */
export type TrafficRow = Arm & Tally & { readonly day: number; readonly logged: number }

export async function readTraffic(
  db: Database,
  { bundleId, fromDay }: { readonly bundleId: string; readonly fromDay: number },
): Promise<readonly TrafficRow[]> {
  const { results } = await attemptRead('the traffic', () =>
    db.$client
      .prepare(
        `select bundle_id as bundleId, role, day, requests, failures, latency_ms as latencyMs,
          latency_ms_squared as latencyMsSquared, logged from traffic where bundle_id = ? and day >= ? order by day`,
      )
      .bind(bundleId, fromDay)
      .all<TrafficRow>(),
  )
  return results
}

/** Of so many of the latest packs, whoever answered. */
const PACKS_LOOKED_AT_MAX = 2_000

/** How many answers of an arm are logged since a moment, as far as the latest packs tell. */
export async function readAnsweredSince(
  db: Database,
  { arm: { bundleId, role }, sinceMs }: { readonly arm: Arm; readonly sinceMs: number },
): Promise<number> {
  const answered = await attemptRead('the latest answers', () =>
    db.$client
      .prepare(
        `select sum(count) as answered from (
            select bundle_id, role, from_at, count from predictions order by id desc limit ${PACKS_LOOKED_AT_MAX}
          ) where bundle_id = ? and role = ? and from_at >= ?`,
      )
      .bind(bundleId, role, sinceMs)
      .first<number>('answered'),
  )
  return answered ?? 0
}

/**
 * Deletes the packs before the first that reaches to a moment, and the oldest beyond a number, with what was noted of
 * each; gives how many packs went. Where none is to go, it looks at those two alone.
 */
export async function deletePacks(
  db: Database,
  { beforeMs, countMax }: { readonly beforeMs: number; readonly countMax: number },
): Promise<number> {
  const first = await attemptRead('the first pack to keep', () =>
    db.$client.prepare(FIRST_KEPT_SQL).bind(beforeMs, countMax).first<{ oldest: number; kept: number }>(),
  )
  if (first === null || first.oldest >= first.kept) return 0
  const statements = [
    'delete from outcomes where prediction_id < ?',
    'delete from skew_checks where prediction_id < ?',
    'delete from predictions where id < ?',
  ]
  const results = await attemptWrite('the log', () =>
    db.$client.batch(statements.map((sql) => db.$client.prepare(sql).bind(first.kept))),
  )
  return results.at(-1)?.meta.changes ?? 0
}

/** Numbers rise with time: the search for the first pack to keep ends with the first that is not old. */
const FIRST_KEPT_SQL = `select min(id) as oldest, max(
    coalesce((select predictions.id from predictions where until_at >= ?1 order by id limit 1), max(id) + 1),
    max(id) - ?2 + 1
  ) as kept from (select min(id) as id from predictions union all select max(id) from predictions) where id is not null`
