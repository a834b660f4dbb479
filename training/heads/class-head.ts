// What heads of classes have in common in training: shares, class weights, calibration, report.
import type { ChoiceHead, ProbabilityHead } from '../../features/heads/head.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { newcomersOf, perUserOf } from '../metrics/breakdown.ts'
import { expectedCalibrationError, laterHalf, PROBABILITY_MIN } from '../metrics/probability.ts'
import { classReport } from '../metrics/report.ts'
import { fitCalibration } from './fit-calibration.ts'
import { EXAMPLES_NEEDED, NEWCOMER_SMOOTHING } from './training-kind.ts'
import type { CreateRequest, FittedCalibration, KnownExamples, Shortage } from './training-kind.ts'

type ClassHead = ProbabilityHead | ChoiceHead

/** Classes rarer than this get a weight. */
const RARE_SHARE = 0.05
const WEIGHT_MAX = 10

/** What `create` of a head of these classes gives, but for its kind. */
export function classHeadBase({
  task,
  declaration,
  classes,
  targets,
  newcomerTargets,
  like,
}: CreateRequest): Omit<ProbabilityHead, 'kind'> {
  const counts = countClasses(targets, classes.length)
  // One more of each keeps a class that training never saw from being ruled out.
  const prior = counts.map((count) => (count + 1) / (targets.length + classes.length))
  const firstCounts = countClasses(newcomerTargets, classes.length)
  const newcomerPrior = prior.map(
    (share, index) =>
      ((firstCounts[index] ?? 0) + NEWCOMER_SMOOTHING * share) /
      (newcomerTargets.length + NEWCOMER_SMOOTHING),
  )
  const largest = Math.max(...prior)
  const weights = prior.map((share) =>
    share < RARE_SHARE ? Math.min(WEIGHT_MAX, Math.sqrt(largest / share)) : 1,
  )
  return {
    task,
    declaration,
    basis: like?.basis ?? 'model',
    prior,
    newcomerPrior,
    classes,
    temperature: 1,
    bias: weights.map((weight) => (weight === 1 ? 0 : -Math.log(weight))),
  }
}

/** Which class is short, if any: the rarest, or the second most frequent where two suffice. */
export function shortageOf({ targets, classes }: CreateRequest, need: 'all' | 'two'): Shortage | undefined {
  const ranked = countClasses(targets, classes.length)
    .map((count, index) => ({ count, outcome: classes[index] ?? '' }))
    .toSorted((a, b) => b.count - a.count)
  const rarest = need === 'two' ? ranked[1] : ranked.at(-1)
  const { count, outcome } = rarest ?? { count: 0, outcome: 'a second event type' }
  if (count >= EXAMPLES_NEEDED) return undefined
  return { outcome, count, known: targets.length, needed: EXAMPLES_NEEDED }
}

/** Temperature and intercepts, fitted together. */
export function calibrateClasses<Kind extends ClassHead>(
  head: Kind,
  { outputs, known }: { readonly outputs: Float32Array; readonly known: KnownExamples },
): Kind {
  const { targets, userIds } = known
  return { ...head, ...fitCalibration({ logits: outputs, targets, userIds, bias: head.bias }) }
}

/** The intercepts are what calibration added to the undoing of the class weights. */
export function carryCalibration<Kind extends ClassHead>(
  head: Kind,
  { created, calibrated, shiftShare }: FittedCalibration<Kind>,
): Kind {
  const bias = head.bias.map(
    (own, index) => own + shiftShare * ((calibrated.bias[index] ?? 0) - (created.bias[index] ?? 0)),
  )
  return { ...head, temperature: calibrated.temperature, bias }
}

/** −log of the probability given to the class that came true, in nats. */
export function classLoss(_head: ClassHead, numbers: ArrayLike<number>, target: number): number {
  return -Math.log(Math.max(PROBABILITY_MIN, numbers[target] ?? 0))
}

/** Metrics per moment and per user, on the later half, and on first moments beside the newcomers' prior. */
export function reportClasses(
  head: ClassHead,
  { numbers, known }: { readonly numbers: Float64Array; readonly known: KnownExamples },
): Metrics {
  const classCount = head.classes.length
  const targets = Int32Array.from(known.targets)
  const forecasts = { probabilities: numbers, targets, classCount }
  const losses = Float64Array.from(targets, (target, row) =>
    classLoss(head, numbers.subarray(row * classCount, (row + 1) * classCount), target),
  )
  const later = laterHalf(forecasts, known.atMs)
  const ofNewcomers = Float64Array.from(targets, (target) => classLoss(head, head.newcomerPrior, target))
  const newcomers = newcomersOf({ losses, priorLosses: ofNewcomers, isFirst: known.isFirst })
  return {
    ...classReport({ probabilities: numbers, targets, classes: head.classes }),
    eceLater: later === undefined ? null : expectedCalibrationError(later),
    perUser: perUserOf({ forecasts, losses, userIds: known.userIds }),
    newcomers: {
      examples: newcomers.examples,
      logLoss: newcomers.loss,
      priorLogLoss: newcomers.priorLoss,
    },
  }
}

function countClasses(targets: Float32Array, classCount: number): number[] {
  const counts = Array.from({ length: classCount }, () => 0)
  for (const value of targets) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
