// Learns what came of logged answers, once their horizon has passed: pack by pack, each written whole, so that a
// turn of the clock that ends early is taken up by the next.
import type { Event } from '../../features/event.ts'
import type { Head } from '../../features/heads/head.ts'
import { addSettled, noFigures, plusFigures } from '../../features/live-figures.ts'
import type { Figures } from '../../features/live-figures.ts'
import { headNumbers, unpackPredictions } from '../../features/prediction-pack.ts'
import type { LoggedPrediction } from '../../features/prediction-pack.ts'
import { DAY_MS, sameMeaning } from '../../features/project.ts'
import type { Project, Task } from '../../features/project.ts'
import { classesOf, target } from '../../features/target.ts'
import { connect } from '../db/client.ts'
import type { Database } from '../db/client.ts'
import { readDuePacks, readEventsOf, readLabelsOf, readLive, storeOutcome } from '../db/outcomes.ts'
import type { LiveRow } from '../db/outcomes.ts'
import { dayOf } from '../db/predictions.ts'
import type { StoredPack } from '../db/predictions.ts'
import { readHeads } from '../inference/heads.ts'

export interface LoopSources {
  readonly project: Project
  readonly binding: D1Database
  readonly bucket: R2Bucket
  readonly nowMs: number
}

/** What happened within a horizon may be heard of somewhat after it. */
const LATE_MS = 3_600_000
/** A label has no horizon: so long is waited for one. */
const LABEL_WAIT_MS = 30 * DAY_MS
/** Of a task in one turn of the clock. */
const PACKS_MAX = 100

/** How long after its moment an answer to a task can be judged; null where never. */
export function waitOf(task: Task): number | null {
  if (task.kind === 'label') return LABEL_WAIT_MS
  return task.horizonMs === null ? null : task.horizonMs + LATE_MS
}

/** Gives what it did, in words. */
export async function settleOutcomes(sources: LoopSources): Promise<string> {
  const { project, binding, bucket, nowMs } = sources
  const db = connect(binding)
  const headsOf = new Map<string, readonly Head[]>()
  let settled = 0
  for (const [task, declared] of Object.entries(project.tasks)) {
    const waitMs = waitOf(declared)
    if (waitMs === null) continue
    for (const pack of await readDuePacks(db, { task, askedByMs: nowMs - waitMs, countMax: PACKS_MAX })) {
      const { bundleId: id } = pack
      const heads = headsOf.get(id) ?? (await readHeads({ bucket, id }))
      headsOf.set(id, heads)
      const head = heads.find((candidate) => candidate.task === task)
      const isSame = head !== undefined && sameMeaning(head.declaration, declared)
      await settlePack({ project, db, nowMs, pack, task, head: isSame ? head : undefined })
      settled += 1
    }
  }
  return `settled ${settled} packs of answers`
}

interface PackToSettle {
  readonly project: Project
  readonly db: Database
  readonly nowMs: number
  readonly pack: StoredPack
  readonly task: string
  /** Absent where the bundle does not answer the task, or answered another question of that name. */
  readonly head: Head | undefined
}

async function settlePack(request: PackToSettle): Promise<void> {
  const { db, nowMs, pack, task, head } = request
  const predictions = unpackPredictions(pack.pack).filter(({ numbers }) => numbers[task] !== undefined)
  if (head === undefined || predictions.length === 0) {
    await storeOutcome(db, { packId: pack.id, task, targets: [], live: [], nowMs })
    return
  }
  const targets = await targetsOf(predictions, { ...request, head })
  const fromDay = dayOf(pack.fromAt)
  const known = await readLive(db, { bundleId: pack.bundleId, fromDay, task })
  const live = [...figuresByDay(predictions, { head, targets })].map(([day, figures]): LiveRow => {
    const before = known.find((row) => row.day === day && row.role === pack.role)
    const { bundleId, role } = pack
    return { bundleId, role, task, day, figures: plusFigures(before?.figures, figures) }
  })
  await storeOutcome(db, { packId: pack.id, task, targets, live, nowMs })
}

/** The target of each prediction, by what is known now. */
async function targetsOf(
  predictions: readonly LoggedPrediction[],
  { project, db, nowMs, pack, task, head }: PackToSettle & { readonly head: Head },
): Promise<(number | null)[]> {
  const declared = head.declaration
  const userIds = predictions.map(({ userId }) => userId)
  if (declared.kind === 'label') {
    const labels = await readLabelsOf(db, { userIds, task, untilMs: pack.untilAt })
    const classes = classesOf(project, declared)
    return predictions.map(({ userId }) => {
      const place = classes.indexOf(labels.get(userId) ?? '')
      return place < 0 ? null : place
    })
  }
  const untilMs = pack.untilAt + (declared.horizonMs ?? 0)
  const events = await readEventsOf(db, { userIds, afterMs: pack.fromAt, untilMs })
  const none: readonly Event[] = []
  return predictions.map(({ userId, atMs }) => {
    const found = target(project, declared, {
      atMs,
      events: events.get(userId) ?? none,
      knownUntilMs: nowMs,
    })
    return declared.kind === 'nextEvent' && found !== null ? placeIn(head, project, declared, found) : found
  })
}

/** A next event by its place in the head's classes, which may be fewer than the project's by now. */
function placeIn(head: Head, project: Project, declared: Task, found: number): number | null {
  const name = classesOf(project, declared)[found]
  const place = 'classes' in head && name !== undefined ? head.classes.indexOf(name) : -1
  return place < 0 ? null : place
}

function figuresByDay(
  predictions: readonly LoggedPrediction[],
  { head, targets }: { readonly head: Head; readonly targets: readonly (number | null)[] },
): ReadonlyMap<number, Figures> {
  const byDay = new Map<number, Figures>()
  for (const [index, { userId, atMs, propensity, numbers }] of predictions.entries()) {
    const day = dayOf(atMs)
    const settled = {
      userId,
      numbers: headNumbers(head, numbers[head.task] ?? []),
      target: targets[index] ?? null,
      propensity,
    }
    byDay.set(day, addSettled(byDay.get(day) ?? noFigures(head), head, settled))
  }
  return byDay
}
