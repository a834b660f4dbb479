// What heads of classes have in common in training: shares, class weights, calibration, report.
import type { ChoiceHead, ProbabilityHead } from '../../features/heads/head.ts'
import { logOddsOf } from '../../features/log-odds.ts'
import { bestThreshold } from '../metrics/best-threshold.ts'
import { createConfusion } from '../metrics/confusion.ts'
import { gainCurve, precisionRecallCurve, rocCurve, rounded } from '../metrics/curves.ts'
import type { KindCurves } from '../metrics/kind-curves.ts'
import { chosenClasses, measureClasses } from '../metrics/measure-classes.ts'
import type { JudgedClasses } from '../metrics/measure-classes.ts'
import type { Measure } from '../metrics/measure.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { newcomersOf } from '../metrics/newcomers.ts'
import {
  calibrationRanking,
  expectedCalibrationError,
  logLosses,
  PROBABILITY_MIN,
} from '../metrics/probability.ts'
import { scoresByClass } from '../metrics/scores-by-class.ts'
import { createTally } from '../metrics/ranking.ts'
import { alike, laterHalf } from '../metrics/weights.ts'
import { numbersOf } from './known-examples.ts'
import { latestLevel, residualsByDay } from './latest-level.ts'
import { chooseCurve } from './curves/choose-curve.ts'
import { fitMargins } from './fit-margins.ts'
import { fitCalibration } from './fit-calibration.ts'
import { EXAMPLES_NEEDED, NEWCOMER_SMOOTHING } from './training-kind.ts'
import type { CreateRequest, FittedCalibration, Judged, KnownExamples, Shortage } from './training-kind.ts'

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

/**
 * Temperature and intercepts, fitted together, and of two classes the curve that they need, if any. Of more
 * classes a curve for each would move the shares that the intercepts have just set right.
 */
export function calibrateClasses<Kind extends ClassHead>(
  head: Kind,
  { outputs, known }: { readonly outputs: Float32Array; readonly known: KnownExamples },
): Kind {
  const { targets, userIds } = known
  const straight = { ...head, ...fitCalibration({ logits: outputs, targets, userIds, bias: head.bias }) }
  if (head.classes.length !== 2) return { ...straight, ...marginsOfLikeliest(straight, { outputs, known }) }
  const chosen = chooseCurve({ logOdds: logOddsOfSecond(straight, outputs), came: targets, userIds })
  const margins = fitMargins({ logOdds: chosen.heldOut, came: targets, userIds })
  return {
    ...straight,
    ...(chosen.curve !== undefined && { curve: chosen.curve }),
    ...(margins !== undefined && { margins }),
  }
}

function marginsOfLikeliest(
  head: ClassHead,
  { outputs, known }: { readonly outputs: Float32Array; readonly known: KnownExamples },
): Pick<ClassHead, 'margins'> {
  const { told, came } = toldOfClasses(head, { numbers: numbersOf(head, outputs), known })
  const logOdds = told.map((share) => logOddsOf(share))
  const margins = fitMargins({ logOdds, came, userIds: known.userIds })
  return margins === undefined ? {} : { margins }
}

/** Of the second of two classes, calibrated but for a curve, [n]. */
function logOddsOfSecond({ temperature, bias }: ClassHead, outputs: Float32Array): Float64Array {
  const [no = 0, yes = 0] = bias
  return Float64Array.from(
    { length: outputs.length / 2 },
    (_, row) => ((outputs[2 * row + 1] ?? 0) + yes - (outputs[2 * row] ?? 0) - no) / temperature,
  )
}

/** The intercepts are what calibration added to the undoing of the class weights. */
export function carryCalibration<Kind extends ClassHead>(
  head: Kind,
  { created, calibrated, shiftShare }: FittedCalibration<Kind>,
): Kind {
  const bias = head.bias.map(
    (own, index) => own + shiftShare * ((calibrated.bias[index] ?? 0) - (created.bias[index] ?? 0)),
  )
  const { temperature, curve, margins } = calibrated
  return {
    ...head,
    temperature,
    bias,
    ...(curve !== undefined && { curve }),
    ...(margins !== undefined && { margins }),
  }
}

/** Of two classes the second moves; of more, each by how far it alone is off. */
export function withLatestShifts<Kind extends ClassHead>(
  head: Kind,
  { outputs, known }: { readonly outputs: Float32Array; readonly known: KnownExamples },
): Kind {
  const numbers = numbersOf(head, outputs)
  const { targets, atMs, userIds } = known
  const width = head.classes.length
  const bias = head.bias.map((own, index) => {
    if (width === 2 && index === 0) return own
    const days = residualsByDay({
      said: (row) => numbers[row * width + index] ?? 0,
      came: (row) => targets[row] === index,
      atMs,
      userIds,
    })
    return own + head.temperature * latestLevel(days)
  })
  return { ...head, bias }
}

/** −log of the probability given to the class that came true, in nats. */
export function classLoss(_head: ClassHead, numbers: ArrayLike<number>, target: number): number {
  return -Math.log(Math.max(PROBABILITY_MIN, numbers[target] ?? 0))
}

/** All metrics of classes. */
export function measureClassHead(
  head: ClassHead,
  judged: Judged,
  options?: { readonly ranked?: boolean },
): Measure {
  return measureClasses(judgedOf(head, judged), options)
}

/** Each class, calibration on the later half, and first moments beside the newcomers' prior. */
export function detailsOfClasses(head: ClassHead, judged: Judged): Metrics {
  const of = judgedOf(head, judged)
  const { atMs, isFirst } = judged.known
  const losses = logLosses(of)
  const priorLosses = Float64Array.from(of.targets, (target) => classLoss(head, head.newcomerPrior, target))
  const newcomers = newcomersOf({ losses, priorLosses, isFirst })
  const later = laterHalf(atMs)
  return {
    eceLater: later === undefined ? null : expectedCalibrationError({ ...of, weights: later }),
    newcomers: {
      examples: newcomers.examples,
      logLoss: newcomers.loss,
      priorLogLoss: newcomers.priorLoss,
    },
    perClass: scoresByClass(of, head.classes),
  }
}

/** Of two classes: from which probability of the second on it is said. */
export function thresholdForYes(head: ClassHead, judged: Judged): number | undefined {
  if (head.classes.length !== 2) return undefined
  const tallyOf = createTally(calibrationRanking(judgedOf(head, judged)))
  return bestThreshold(tallyOf(alike(judged.known.targets.length)))
}

/** Of two classes the second; of more the likeliest. */
export function toldOfClasses(
  head: ClassHead,
  judged: Judged,
): { readonly told: Float64Array; readonly came: Float64Array } {
  const of = judgedOf(head, judged)
  const { probabilities, targets, classCount } = of
  const named = classCount === 2 ? new Int32Array(targets.length).fill(1) : chosenClasses(of)
  return {
    told: Float64Array.from(named, (index, row) => probabilities[row * classCount + index] ?? 0),
    came: Float64Array.from(named, (index, row) => (targets[row] === index ? 1 : 0)),
  }
}

/** Of more classes no more can be told apart in a picture. */
const CONFUSION_MAX = 20

/** What was taken for what; of two classes also how they are ranked. */
export function curvesOfClasses(head: ClassHead, judged: Judged, weights: Float64Array): KindCurves {
  const of = judgedOf(head, judged)
  const { classes } = head
  const matrix = createConfusion({ ...of, chosen: chosenClasses(of) })(weights)
  const counts = classes.map((_, row) =>
    [...matrix.subarray(row * classes.length, (row + 1) * classes.length)].map(rounded),
  )
  const confusion = classes.length > CONFUSION_MAX ? {} : { confusion: { classes, counts } }
  if (classes.length !== 2) return confusion
  const tally = createTally(calibrationRanking(of))(weights)
  if (!(tally.positives > 0) || !(tally.positives < tally.total)) return confusion
  return {
    roc: rocCurve(tally),
    precisionRecall: precisionRecallCurve(tally),
    gain: gainCurve(tally),
    ...confusion,
  }
}

function judgedOf({ classes }: ClassHead, { numbers, known, thresholds }: Judged): JudgedClasses {
  const targets = Int32Array.from(known.targets)
  return { probabilities: numbers, targets, classCount: classes.length, thresholds }
}

function countClasses(targets: Float32Array, classCount: number): number[] {
  const counts = Array.from({ length: classCount }, () => 0)
  for (const value of targets) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
