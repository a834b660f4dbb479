// Trainings: queued once, claimed by one trainer at a time, ended once. Every change is one statement that
// holds only in the state that it supposes, so that two at once cannot both succeed.
import { desc, eq, inArray, sql } from 'drizzle-orm'
import { lastBeginning, readAlarms } from './alarms.ts'
import type { Alarm } from './alarms.ts'
import { attemptRead, attemptWrite } from './client.ts'
import type { Database } from './client.ts'
import { selectOpen, toRoles } from './deployments.ts'
import { deployments, heard, trainings } from './schema.ts'

export type Training = typeof trainings.$inferSelect
export type Ending = Exclude<Training['state'], 'queued' | 'claimed'>

/** A training whose trainers died so often is given up. */
const CLAIMS_MAX = 5

/** What one needs to know to say whether a training is due. */
export interface TrainingFacts {
  /** Those that ring. */
  readonly alarms: readonly Alarm[]
  /** When drift or bad quality last began to ring, be it over or not; absent where neither ever did. */
  readonly alarmedAt: number | undefined
  /** How much was ever heard. */
  readonly heard: { readonly events: number; readonly labels: number }
  /** Queued or claimed. */
  readonly open: Training | undefined
  /** The one that ended last. */
  readonly last: Training | undefined
  /** The one that ended last and did not fail: one that failed has learned nothing. */
  readonly learned: Training | undefined
  /** Since when the champion answers; absent where none does. */
  readonly championSince: number | undefined
  /** The challenger; absent where none is on trial. */
  readonly onTrial: { readonly bundleId: string; readonly growsByItself: boolean } | undefined
}

export async function readTrainingFacts(db: Database): Promise<TrainingFacts> {
  const isOpen = inArray(trainings.state, ['queued', 'claimed'])
  const latest = (states: readonly Ending[]) =>
    db.select().from(trainings).where(inArray(trainings.state, states)).orderBy(desc(trainings.id)).limit(1)
  const facts = attemptRead('the facts of trainings', () =>
    db.batch([
      db.select().from(heard),
      db.select().from(trainings).where(isOpen).limit(1),
      latest(['published', 'kept', 'refused', 'failed']),
      latest(['published', 'kept', 'refused']),
      selectOpen(db),
    ]),
  )
  const [[counts, open, last, learned, deployed], alarms, alarmedAt] = await Promise.all([
    facts,
    readAlarms(db),
    lastBeginning(db, ['drift', 'live']),
  ])
  const countOf = (kind: 'events' | 'labels'): number => counts.find((row) => row.kind === kind)?.count ?? 0
  const { champion, challenger } = toRoles(deployed)
  return {
    alarms,
    alarmedAt,
    heard: { events: countOf('events'), labels: countOf('labels') },
    open: open[0],
    last: last[0],
    learned: learned[0],
    championSince: champion?.fromAt,
    onTrial: challenger && { bundleId: challenger.bundleId, growsByItself: challenger.stepMs !== null },
  }
}

/** The latest trainings, latest first. */
export function readTrainings(db: Database, countMax: number): Promise<Training[]> {
  return attemptRead('the trainings', () =>
    db.select().from(trainings).orderBy(desc(trainings.id)).limit(countMax),
  )
}

/** Gives the training; undefined where one is open. */
export async function queueTraining(
  db: Database,
  { why, nowMs }: { readonly why: string; readonly nowMs: number },
): Promise<Training | undefined> {
  const [queued] = await attemptWrite('a training', () =>
    db.insert(trainings).values({ state: 'queued', why, queuedAt: nowMs }).onConflictDoNothing().returning(),
  )
  return queued
}

export async function noteWoken(
  db: Database,
  { id, nowMs }: { readonly id: number; readonly nowMs: number },
): Promise<void> {
  await attemptWrite('a training', () =>
    db.update(trainings).set({ wokenAt: nowMs }).where(eq(trainings.id, id)),
  )
}

export interface Claim {
  readonly by: string
  /** A secret of the one who claims. */
  readonly lease: string
  /** How long it lasts unless it is renewed. */
  readonly leaseMs: number
  readonly nowMs: number
}

export interface Claimed {
  /** What is to be done; absent where nothing is queued and no lease has run out. */
  readonly claimed: Training | undefined
  /** A training that was given up now, since too many trainers died of it. */
  readonly givenUp: Training | undefined
}

export async function claimTraining(db: Database, { by, lease, leaseMs, nowMs }: Claim): Promise<Claimed> {
  const isLost = sql`${trainings.state} = 'claimed' and ${trainings.leaseUntil} <= ${nowMs}`
  const countOf = (kind: 'events' | 'labels') =>
    sql<number>`coalesce((select ${heard.count} from ${heard} where ${heard.kind} = ${kind}), 0)`
  const [givenUp, claimed] = await attemptWrite('a claim', () =>
    db.batch([
      db
        .update(trainings)
        .set({
          state: 'failed',
          endedAt: nowMs,
          verdict: `${CLAIMS_MAX} trainers took it up and none was heard of again`,
        })
        .where(sql`${isLost} and ${trainings.claims} >= ${CLAIMS_MAX}`)
        .returning(),
      db
        .update(trainings)
        .set({
          state: 'claimed',
          claims: sql`${trainings.claims} + 1`,
          claimedBy: by,
          claimedAt: nowMs,
          lease,
          leaseUntil: nowMs + leaseMs,
          events: countOf('events'),
          labels: countOf('labels'),
        })
        .where(sql`${trainings.state} = 'queued' or (${isLost})`)
        .returning(),
    ]),
  )
  return { claimed: claimed[0], givenUp: givenUp[0] }
}

export interface Held {
  readonly id: number
  readonly lease: string
  readonly nowMs: number
}

/** Told by a trainer as it goes. */
export interface Progress {
  readonly leaseMs: number
  readonly step: string
  readonly rows?: number | undefined
  readonly bundleId?: string | undefined
}

/**
 * Renews a lease, also one that has run out where nobody took it up. Gives whether the training is still
 * this trainer's.
 */
export async function renewLease(
  db: Database,
  { id, lease, nowMs }: Held,
  progress: Progress,
): Promise<boolean> {
  const { leaseMs, step, rows, bundleId } = progress
  const renewed = await attemptWrite('a heartbeat', () =>
    db
      .update(trainings)
      .set({
        leaseUntil: nowMs + leaseMs,
        step,
        ...(rows !== undefined && { rows }),
        ...(bundleId !== undefined && { bundleId }),
      })
      .where(isHeld(id, lease))
      .returning({ id: trainings.id }),
  )
  return renewed.length > 0
}

/** Ends a training; again the same changes nothing. Gives whether it ended as told. */
export async function endTraining(
  db: Database,
  { id, lease, nowMs }: Held,
  { state, verdict }: { readonly state: Ending; readonly verdict: string },
): Promise<boolean> {
  const [, ended] = await attemptWrite('the end of a training', () =>
    db.batch([
      db.update(trainings).set({ state, verdict, endedAt: nowMs, leaseUntil: null }).where(isHeld(id, lease)),
      db
        .select({ id: trainings.id })
        .from(trainings)
        .where(
          sql`${trainings.id} = ${id} and ${trainings.lease} = ${lease} and ${trainings.state} = ${state}`,
        ),
    ]),
  )
  return ended.length > 0
}

export async function findTraining(db: Database, id: number): Promise<Training | undefined> {
  const [found] = await attemptRead('a training', () =>
    db.select().from(trainings).where(eq(trainings.id, id)),
  )
  return found
}

/**
 * How many rows the bundle that was published last learned from; undefined where no training published it: one
 * that a person made champion since says that the data are meant to be as they are.
 */
export async function readPublishedRows(db: Database): Promise<number | undefined> {
  const byHand = sql`exists (
    select 1 from ${deployments} where ${deployments.role} = 'champion' and ${deployments.by} <> 'ramp' and ${deployments.restores} is null
      and ${deployments.fromAt} > ${trainings.endedAt} and ${deployments.bundleId} is not ${trainings.bundleId}
  )`
  const [found] = await attemptRead('a training', () =>
    db
      .select({ rows: sql<number | null>`iif(${byHand}, null, ${trainings.rows})` })
      .from(trainings)
      .where(eq(trainings.state, 'published'))
      .orderBy(desc(trainings.id))
      .limit(1),
  )
  return found?.rows ?? undefined
}

function isHeld(id: number, lease: string) {
  return sql`${trainings.id} = ${id} and ${trainings.lease} = ${lease} and ${trainings.state} = 'claimed'`
}
