// Whether a model is better than the prior at a task. Judged on examples later than those it learned from;
// but where to stop and how to calibrate were chosen on the same, so a gain must be more than chance and
// those choices would give to a model that knows nothing.
import { readerOf } from '../../features/heads/kinds.ts'
import type { Head } from '../../features/heads/head.ts'
import { clusteredMean } from '../metrics/clustered.ts'
import { trainingKindOf } from './kinds.ts'
import { numbersOf } from './known-examples.ts'
import type { KnownExamples } from './training-kind.ts'

export interface Skill {
  /** Mean loss of the prior less that of the model. */
  readonly gain: number
  /** What the gain must exceed. */
  readonly needed: number
}

/** So many standard errors of the gain, users being drawn. */
const ERRORS_NEEDED = 1
/**
 * So many more in a log where no more users than these had a rarer outcome: what such few have in common may
 * be of their days, and the next few may have it not.
 */
const ERRORS_MORE = 3
const FEW_USERS = 25

/** @param outputs of the known examples, row-major [n, width]. Nothing is gained on no examples. */
export function skillOf(
  head: Head,
  { outputs, known }: { readonly outputs: Float32Array; readonly known: KnownExamples },
): Skill {
  const { targets, userIds } = known
  const count = targets.length
  if (count === 0) return { gain: 0, needed: 0 }
  const { width } = readerOf(head)
  const kind = trainingKindOf(head)
  const numbers = numbersOf(head, outputs)
  const gains = Float64Array.from(
    targets,
    (target, row) =>
      kind.lossOf(head, head.prior, target) -
      kind.lossOf(head, numbers.subarray(row * width, (row + 1) * width), target),
  )
  const { mean, standardError, effect } = clusteredMean(gains, userIds)
  // Each number fitted gains half a nat by chance (Akaike), where every example is of its own user.
  const byFitting = (width * effect) / (2 * count)
  return { gain: mean, needed: byFitting + (ERRORS_NEEDED + ERRORS_MORE * fewness(known)) * standardError }
}

/** 1 where few users of a log had another outcome than the most frequent, soon 0 where more had. */
function fewness({ targets, userIds, atMs }: KnownExamples): number {
  if (atMs.every((ms) => ms === atMs[0])) return 0
  const counts = new Map<number, number>()
  for (const target of targets) counts.set(target, (counts.get(target) ?? 0) + 1)
  const [common] = [...counts].reduce((most, next) => (next[1] > most[1] ? next : most), [Number.NaN, 0])
  const users = new Set(userIds.filter((_, row) => targets[row] !== common)).size
  return Math.min(1, (FEW_USERS / users) ** 4)
}

/** A gain that is NaN is none. */
export function isSkilled({ gain, needed }: Skill): boolean {
  return gain > needed
}
