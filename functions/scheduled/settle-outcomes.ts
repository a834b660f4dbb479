// Learns what came of logged answers, once their horizon has passed: in the order of packs, some hundred
// answers at a time and each such chunk written whole, so that a turn of the clock that ends early is taken up by the
// next, and that a turn makes some dozens of calls to D1: a Worker may make a thousand, which all jobs share.
import type { Event } from '../../features/event.ts'
import type { Head } from '../../features/heads/head.ts'
import { addSettled, noFigures, plusFigures } from '../../features/live-figures.ts'
import { headNumbers, unpackPredictions } from '../../features/prediction-pack.ts'
import type { LoggedPrediction } from '../../features/prediction-pack.ts'
import { DAY_MS, sameMeaning } from '../../features/project.ts'
import type { Project, Task } from '../../features/project.ts'
import { classesOf, target } from '../../features/target.ts'
import { connect } from '../db/client.ts'
import type { Database } from '../db/client.ts'
import { readDuePacks, readEventsOf, readLabelsOf, readLive, storeOutcomes } from '../db/outcomes.ts'
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
const ANSWERS_MAX = 5_000
/** Of these the events are read and held at once. A service hardly asked has packs of one answer each. */
const CHUNK_ANSWERS_MAX = 500

/** How long after its moment an answer to a task can be judged; null where never. */
export function waitOf(task: Task): number | null {
  if (task.kind === 'label') return LABEL_WAIT_MS
  return task.horizonMs === null ? null : task.horizonMs + LATE_MS
}

/** Packs that follow each other, together: so many answers, or one pack. */
function chunksOf(packs: readonly StoredPack[]): StoredPack[][] {
  const chunks: StoredPack[][] = []
  let answers = Infinity
  for (const pack of packs) {
    answers += pack.count
    if (answers > CHUNK_ANSWERS_MAX) {
      chunks.push([])
      answers = pack.count
    }
    chunks.at(-1)?.push(pack)
  }
  return chunks
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
    const due = await readDuePacks(db, { task, askedByMs: nowMs - waitMs, answersMax: ANSWERS_MAX })
    for (const { bundleId: id } of due) if (!headsOf.has(id)) headsOf.set(id, await readHeads({ bucket, id }))
    const headOf = new Map(
      [...headsOf].map(([id, heads]) => [
        id,
        heads.find((head) => head.task === task && sameMeaning(head.declaration, declared)),
      ]),
    )
    for (const packs of chunksOf(due)) {
      await settleChunk({ project, db, nowMs, task, packs, headOf })
      settled += packs.length
    }
  }
  return `settled ${settled} packs of answers`
}

interface Chunk {
  readonly project: Project
  readonly db: Database
  readonly nowMs: number
  readonly task: string
  /** In order; none between the first and the last is left out. */
  readonly packs: readonly StoredPack[]
  /** By bundle; absent where the bundle does not answer the task, or answered another question of that name. */
  readonly headOf: ReadonlyMap<string, Head | undefined>
}

/** A logged answer with the pack and the head that it is of. */
interface Asked {
  readonly pack: StoredPack
  readonly head: Head
  readonly prediction: LoggedPrediction
}

/** Learns what came of the answers of some packs by a call or two for all, and writes it whole. */
async function settleChunk(chunk: Chunk): Promise<void> {
  const { db, nowMs, task, packs, headOf } = chunk
  const asked = packs.flatMap((pack): Asked[] => {
    const head = headOf.get(pack.bundleId)
    if (head === undefined) return []
    const answered = unpackPredictions(pack.pack).filter(({ numbers }) => numbers[task] !== undefined)
    return answered.map((prediction) => ({ pack, head, prediction }))
  })
  const targets = await targetsOf(asked, chunk)
  const settled = packs.map(({ id }) => ({
    packId: id,
    targets: targets.filter((_target, index) => asked[index]?.pack.id === id),
  }))
  await storeOutcomes(db, { task, packs: settled, live: await liveWith(asked, { ...chunk, targets }), nowMs })
}

/** The target of each answer, by what is known now. */
async function targetsOf(
  asked: readonly Asked[],
  { project, db, nowMs, task }: Chunk,
): Promise<readonly (number | null)[]> {
  const [first] = asked
  if (first === undefined) return []
  const declared = first.head.declaration
  if (declared.kind === 'label') {
    const labels = await readLabelsOf(db, { asked: asked.map(({ prediction }) => prediction), task })
    const classes = classesOf(project, declared)
    return labels.map((label) => {
      const place = classes.indexOf(label ?? '')
      return place < 0 ? null : place
    })
  }
  const moments = asked.map(({ prediction }) => prediction.atMs)
  const events = await readEventsOf(db, {
    userIds: asked.map(({ prediction }) => prediction.userId),
    afterMs: Math.min(...moments),
    untilMs: Math.max(...moments) + (declared.horizonMs ?? 0),
  })
  const none: readonly Event[] = []
  return asked.map(({ head, prediction: { userId, atMs } }) => {
    const found = target(project, declared, {
      atMs,
      events: events.get(userId) ?? none,
      knownUntilMs: nowMs,
    })
    return declared.kind === 'nextEvent' && found !== null ? placeIn(head, project, declared, found) : found
  })
}

/** What is known of each bundle in a role by day, with these answers. */
async function liveWith(
  asked: readonly Asked[],
  { db, task, targets }: Chunk & { readonly targets: readonly (number | null)[] },
): Promise<readonly LiveRow[]> {
  const rows = new Map<string, LiveRow>()
  for (const [index, { pack, head, prediction }] of asked.entries()) {
    const { bundleId, role } = pack
    const { userId, atMs, propensity, numbers } = prediction
    const day = dayOf(atMs)
    const key = `${bundleId} ${role} ${day}`
    const figures = addSettled(rows.get(key)?.figures ?? noFigures(head), head, {
      userId,
      numbers: headNumbers(head, numbers[task] ?? []),
      target: targets[index] ?? null,
      propensity,
    })
    rows.set(key, { bundleId, role, task, day, figures })
  }
  const fromDay = Math.min(...[...rows.values()].map(({ day }) => day))
  const known: LiveRow[] = []
  for (const bundleId of new Set([...rows.values()].map((row) => row.bundleId)))
    known.push(...(await readLive(db, { bundleId, fromDay, task })))
  return [...rows.values()].map((row) => {
    const before = known.find(
      ({ bundleId, role, day }) => bundleId === row.bundleId && role === row.role && day === row.day,
    )
    return { ...row, figures: plusFigures(before?.figures, row.figures) }
  })
}

/** A next event by its place in the head's classes, which may be fewer than the project's by now. */
function placeIn(head: Head, project: Project, declared: Task, found: number): number | null {
  const name = classesOf(project, declared)[found]
  const place = 'classes' in head && name !== undefined ? head.classes.indexOf(name) : -1
  return place < 0 ? null : place
}
