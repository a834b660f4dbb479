// Looks once a day whether what comes to the champion is still what it learned from: its inputs, its answers, and
// what came true. One row a user; thresholds from the null at the very sizes, false discovery controlled over all
// that is looked at. Beside that a thing must have moved by a share that is worth a training, and be other than among
// those whom the champion answered first: who asks need not be as the moments that were learned from.
import { driftSamples } from '../../features/statistics/drift-samples.ts'
import type { Seen } from '../../features/statistics/drift-samples.ts'
import { hashText } from '../../features/hash.ts'
import type { Manifest, Reference } from '../../features/manifest.ts'
import { parseManifest } from '../../features/manifest-schema.ts'
import { createEncoder } from '../../features/encode.ts'
import type { Encoded } from '../../features/encode.ts'
import { headNumbers, unpackPredictions } from '../../features/prediction-pack.ts'
import type { LoggedPrediction } from '../../features/prediction-pack.ts'
import { DAY_MS } from '../../features/project.ts'
import { createRandom } from '../../features/random.ts'
import type { Random } from '../../features/random.ts'
import { findDrift } from '../../features/statistics/drift.ts'
import type { BinnedSamples } from '../../features/statistics/drift.ts'
import { endAlarm, ringAlarmOf } from '../db/alarms.ts'
import { connect } from '../db/client.ts'
import type { Database } from '../db/client.ts'
import { readRoles } from '../db/deployments.ts'
import {
  readDriftLooks,
  readFirstCounts,
  readJudgedPacks,
  readRecentPacks,
  storeDriftLook,
} from '../db/drift.ts'
import type { DriftFinding } from '../db/drift.ts'
import { readManifestText } from '../inference/bundle-files.ts'
import { readKnown } from '../questions/known.ts'
import type { LoopSources } from './settle-outcomes.ts'

const EVERY_MS = DAY_MS
/** Answers that are read, and outcomes by task. */
const ANSWERS_MAX = 6_000
const RECENT_MS = 7 * DAY_MS
/** Whose inputs are encoded again: a call to D1 each. */
const ENCODED_MAX = 300
/** Of fewer users nothing is said. */
const USERS_MIN = 50
/** Of fewer nothing can be told that later ones are held against. */
const FIRST_USERS_MIN = 100
/** Less moves without harm. */
const MOVED_MIN = 0.1
const KEPT_MS = 120 * DAY_MS
const NAMED_MAX = 5

/** Gives what it did, in words. */
export async function watchDrift(sources: LoopSources): Promise<string> {
  const { binding, bucket, nowMs } = sources
  const db = connect(binding)
  const { champion } = await readRoles(db)
  if (champion === undefined) return 'no champion answers'
  const { bundleId, fromAt } = champion
  const [last] = await readDriftLooks(db, { bundleId, countMax: 1 })
  if (last !== undefined && nowMs - last.at < EVERY_MS) return 'looked for drift within a day'
  const manifest = await readReference({ bucket, id: bundleId })
  if (manifest === undefined) return `bundle ${bundleId} has nothing to look for drift against`
  const seen = await readSeen(db, { ...sources, manifest, bundleId })
  const samples = driftSamples(manifest, seen)
    .map((sample) => ({ sample, users: sumOf(sample.current) }))
    .filter(({ users }) => users >= USERS_MIN)
  if (samples.length === 0) return `fewer than ${USERS_MIN} users were answered of late: no look for drift`
  const findings = findingsOf(samples, {
    first: await readFirstCounts(db, bundleId),
    random: createRandom(hashText(`${bundleId}/${nowMs}`)),
  })
  await storeDriftLook(db, { look: { bundleId, at: nowMs, findings }, forgetBeforeMs: nowMs - KEPT_MS })
  return tellFindings(db, { findings, nowMs, answersSince: fromAt })
}

interface Before {
  /** By name: those who were answered first. */
  readonly first: ReadonlyMap<string, readonly number[]>
  readonly random: Random
}

/** A thing has drifted that is other than what was learned from, and other than what came first. */
function findingsOf(
  samples: readonly { readonly sample: BinnedSamples; readonly users: number }[],
  { first, random }: Before,
): DriftFinding[] {
  const learned = findDrift(
    samples.map(({ sample }) => sample),
    { random },
  )
  const known = samples.flatMap(({ sample }) => {
    const reference = first.get(sample.name)
    return reference?.length === sample.current.length ? [{ ...sample, reference }] : []
  })
  const since = new Map(
    findDrift(known, { random: random.fork('since') }).map((drift) => [drift.name, drift]),
  )
  return samples.map(({ sample, users }, place): DriftFinding => {
    const { name, current } = sample
    const [then, later] = [learned[place], since.get(name)]
    const isFirst = later === undefined && users >= FIRST_USERS_MIN
    return {
      name,
      users,
      pValue: then?.pValue ?? 1,
      moved: then?.moved ?? 0,
      movedSince: later?.moved ?? null,
      isDrifted: [then, later].every((drift) => drift?.isDrifted === true && drift.moved >= MOVED_MIN),
      ...(isFirst && { first: current }),
    }
  })
}

async function tellFindings(
  db: Database,
  {
    findings,
    nowMs,
    answersSince,
  }: {
    readonly findings: readonly DriftFinding[]
    readonly nowMs: number
    readonly answersSince: number
  },
): Promise<string> {
  const drifted = findings
    .filter(({ isDrifted }) => isDrifted)
    .toSorted((left, right) => right.moved - left.moved)
  if (drifted.length === 0) {
    await endAlarm(db, { kind: 'drift', nowMs })
    return `looked at ${findings.length} things, of which none drifted`
  }
  const named = drifted
    .slice(0, NAMED_MAX)
    .map(({ name, moved }) => `${name} (${(100 * moved).toFixed(0)} %)`)
  const others = drifted.length > NAMED_MAX ? ` and ${drifted.length - NAMED_MAX} others` : ''
  const detail = `${drifted.length} of ${findings.length} things moved: ${named.join(', ')}${others}`
  await ringAlarmOf(db, { alarm: { kind: 'drift', at: nowMs, detail }, answersSince })
  return detail
}

type Referenced = Manifest & { readonly reference: Reference }

async function readReference(
  source: Parameters<typeof readManifestText>[0],
): Promise<Referenced | undefined> {
  const text = await readManifestText(source)
  const parsed = text === undefined ? undefined : parseManifest(text)
  if (parsed?.ok !== true) return undefined
  const { reference } = parsed.value
  return reference === undefined ? undefined : { ...parsed.value, reference }
}

interface Look extends LoopSources {
  readonly manifest: Referenced
  readonly bundleId: string
}

async function readSeen(db: Database, look: Look): Promise<Seen> {
  const { manifest, bundleId, nowMs } = look
  const role = 'champion' as const
  const arm = { bundleId, role, answersMax: ANSWERS_MAX }
  const packs = await readRecentPacks(db, { ...arm, sinceMs: nowMs - RECENT_MS })
  const recent = oneOfEachUser(packs.flatMap(({ pack }) => unpackPredictions(pack)).filter(isOfModel))
  const answers: Record<string, readonly (readonly number[])[]> = {}
  const outcomes: Record<string, readonly number[]> = {}
  for (const head of manifest.heads) {
    const { task } = head
    answers[task] = recent.flatMap(({ numbers }) =>
      numbers[task] === undefined ? [] : [headNumbers(head, numbers[task])],
    )
    outcomes[task] = await readOutcomes(db, { ...arm, task })
  }
  return { inputs: await encodeAgain(recent.slice(0, ENCODED_MAX), look), answers, outcomes }
}

/** A newcomer is answered by a prior, of whom no model learned. */
function isOfModel({ fallback }: LoggedPrediction): boolean {
  return fallback === null
}

async function readOutcomes(
  db: Database,
  arm: Parameters<typeof readJudgedPacks>[1],
): Promise<readonly number[]> {
  const judged = (await readJudgedPacks(db, arm)).flatMap(({ pack, targets }) => {
    const known = JSON.parse(targets) as readonly (number | null)[]
    return unpackPredictions(pack)
      .filter(({ numbers }) => numbers[arm.task] !== undefined)
      .flatMap(({ userId, fallback }, place) => {
        const target = known[place] ?? null
        return target === null || fallback !== null ? [] : [{ userId, target }]
      })
  })
  return oneOfEachUser(judged).map(({ target }) => target)
}

/** What the model was asked with, as of the moment that it was asked. */
async function encodeAgain(
  asked: readonly LoggedPrediction[],
  { project, binding, manifest }: Look,
): Promise<Encoded[]> {
  const encode = createEncoder(manifest.features)
  const rows: Encoded[] = []
  for (const { userId, atMs, context } of asked) {
    const question = { binding, userId, atMs, storedByMs: atMs, ...(context !== null && { context }) }
    const known = await readKnown(project, question)
    if (known !== undefined) rows.push(encode(known))
  }
  return rows
}

/** The first of each. */
function oneOfEachUser<Row extends { readonly userId: string }>(rows: readonly Row[]): Row[] {
  const seen = new Set<string>()
  return rows.filter(({ userId }) => !seen.has(userId) && seen.add(userId))
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}
