// Makes logged answers again, from what is stored now as it was stored then, by the bundle that made them. They
// must come out the same: where they do not, what a model learns from is not what it is asked with.
import type { Head } from '../../features/heads/head.ts'
import { readerOf } from '../../features/heads/kinds.ts'
import { numbersOfAnswer, unpackPredictions } from '../../features/prediction-pack.ts'
import type { LoggedPrediction } from '../../features/prediction-pack.ts'
import { endAlarm, ringAlarm } from '../db/alarms.ts'
import { connect } from '../db/client.ts'
import type { Database } from '../db/client.ts'
import type { StoredPack } from '../db/predictions.ts'
import { readStoredJustBefore, readUncheckedPacks, storeSkewCheck } from '../db/skew.ts'
import { loadBundle } from '../inference/bundle.ts'
import type { LoadedBundle } from '../inference/bundle.ts'
import { predict } from '../inference/predict.ts'
import { readKnown } from '../questions/known.ts'
import type { LoopSources } from './settle-outcomes.ts'

/** How far an answer made again may be off: of probabilities, or relative to an amount or its scale. */
export const DIFFERENCE_MAX = 1e-6
/** A write takes less: what was stored within it may not have been there to be read. */
const WRITE_MS = 10_000

export interface SkewOptions extends LoopSources {
  /** Answers that are made again in one turn of the clock. */
  readonly answersMax?: number
}

const ANSWERS_MAX = 200
const PACKS_MAX = 20

/** Gives what it did, in words. */
export async function watchSkew(options: SkewOptions): Promise<string> {
  const { binding, nowMs, answersMax = ANSWERS_MAX } = options
  const db = connect(binding)
  const packs = await readUncheckedPacks(db, PACKS_MAX)
  const share = Math.ceil(answersMax / Math.max(1, packs.length))
  const bundles = new Map<string, LoadedBundle | undefined>()
  let [checked, differing, differenceMax] = [0, 0, 0]
  try {
    for (const pack of packs) {
      const { bundleId } = pack
      if (!bundles.has(bundleId)) bundles.set(bundleId, await load(bundleId, options))
      const found = await checkPack(pack, { ...options, db, bundle: bundles.get(bundleId), share })
      await storeSkewCheck(db, { packId: pack.id, nowMs, ...found })
      checked += found.checked
      differing += found.differing
      differenceMax = Math.max(differenceMax, found.differenceMax)
    }
  } finally {
    for (const bundle of bundles.values()) if (bundle?.model.ok === true) await bundle.model.value.release()
  }
  if (differing > 0) {
    const detail = `${differing} of ${checked} answers did not come out again, by up to ${differenceMax.toExponential(1)}`
    await ringAlarm(db, { kind: 'skew', at: nowMs, detail })
  } else if (checked > 0) {
    await endAlarm(db, { kind: 'skew', nowMs })
  }
  return `made ${checked} answers again, of which ${differing} differ`
}

/** The bundle with its model; undefined where it is gone or broken by now. */
async function load(id: string, { bucket, project }: LoopSources): Promise<LoadedBundle | undefined> {
  const loaded = await loadBundle({ bucket, id, project })
  return loaded.ok && loaded.value.model.ok ? loaded.value : undefined
}

interface CheckOptions extends LoopSources {
  readonly db: Database
  readonly bundle: LoadedBundle | undefined
  /** How many answers of a pack. */
  readonly share: number
}

type Found = Pick<Parameters<typeof storeSkewCheck>[1], 'checked' | 'differing' | 'differenceMax'>

async function checkPack(pack: StoredPack, options: CheckOptions): Promise<Found> {
  let [checked, differing, differenceMax] = [0, 0, 0]
  if (options.bundle === undefined) return { checked, differing, differenceMax }
  // A model that failed then may have had no memory: that is no difference of what was known.
  const made = unpackPredictions(pack.pack).filter(({ fallback }) => fallback !== 'model_failed')
  const step = Math.max(1, Math.ceil(made.length / options.share))
  for (let index = 0; index < made.length; index += step) {
    const prediction = made[index]
    if (prediction === undefined) continue
    const difference = await differenceOf(prediction, { ...options, bundle: options.bundle })
    checked += 1
    if (difference > DIFFERENCE_MAX) differing += 1
    differenceMax = Math.max(differenceMax, difference)
  }
  return { checked, differing, differenceMax }
}

interface Again extends LoopSources {
  readonly db: Database
  readonly bundle: LoadedBundle
}

/** How far the nearest answer is off that could have been made at the moment. */
async function differenceOf(prediction: LoggedPrediction, again: Again): Promise<number> {
  const { userId, atMs } = prediction
  let nearest = await differenceAsStoredBy(atMs, { prediction, ...again })
  if (nearest <= DIFFERENCE_MAX) return nearest
  for (const storedAt of await readStoredJustBefore(again.db, { userId, atMs, withinMs: WRITE_MS })) {
    nearest = Math.min(nearest, await differenceAsStoredBy(storedAt - 1, { prediction, ...again }))
    if (nearest <= DIFFERENCE_MAX) break
  }
  return nearest
}

async function differenceAsStoredBy(
  storedByMs: number,
  { prediction, project, binding, bundle }: Again & { readonly prediction: LoggedPrediction },
): Promise<number> {
  const { userId, atMs, context, numbers } = prediction
  const asked = { binding, userId, atMs, storedByMs, ...(context !== null && { context }) }
  const { answers } = await predict(bundle, await readKnown(project, asked))
  const differences = bundle.manifest.heads.flatMap((head) => {
    const answer = answers[head.task]
    const logged = numbers[head.task]
    if (answer === undefined || logged === undefined) return []
    return [differenceBetween(head, numbersOfAnswer(answer), logged)]
  })
  return Math.max(0, ...differences)
}

function differenceBetween(head: Head, left: readonly number[], right: readonly number[]): number {
  const reader = readerOf(head)
  if (left.length !== right.length) return Infinity
  return Math.max(
    0,
    ...left.map((value, index) => Math.abs(value - (right[index] ?? NaN)) / reader.unit(value)),
  )
}
