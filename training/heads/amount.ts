// Training the head of an amount. Where no total is below zero its loss is Poisson's, which asks only that
// the mean be right, and its outputs stay above zero; else it is the squared error, and outputs may be any.
import type { AmountHead } from '../../features/heads/head.ts'
import { decilesOf } from '../metrics/deciles.ts'
import { measureAmounts } from '../metrics/measure-amounts.ts'
import type { Measure } from '../metrics/measure.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { newcomersOf } from '../metrics/newcomers.ts'
import { fitFactor } from './fit-factor.ts'
import { numbersOf, repeated } from './known-examples.ts'
import { EXAMPLES_NEEDED, NEWCOMER_SMOOTHING } from './training-kind.ts'
import type { CreateRequest, Judged, TrainingKind } from './training-kind.ts'

/** A mean below this share of the scale counts as this, so that one wrong nothing is not infinite. */
const MEAN_MIN = 1e-6

type Link = AmountHead['link']

/** Half the deviance of one example, amounts in units of the scale: what log loss is to classes. */
const losses: Readonly<Record<Link, (actual: number, predicted: number) => number>> = {
  softplus: (actual, predicted) => {
    const mean = Math.max(MEAN_MIN, predicted)
    return (actual > 0 ? actual * Math.log(actual / mean) : 0) - (actual - mean)
  },
  identity: (actual, predicted) => (actual - predicted) ** 2 / 2,
}

/**
 * The unit in which the loss counts: variance over mean, in which amounts vary as counts do, or the standard
 * deviation. Where all amounts are the same, that amount.
 */
const scales: Readonly<Record<Link, (of: { mean: number; variance: number }) => number>> = {
  softplus: ({ mean, variance }) => (variance > 0 && mean > 0 ? variance / mean : mean),
  identity: ({ mean, variance }) => Math.sqrt(variance) || Math.abs(mean),
}

export const amount: TrainingKind<AmountHead> = {
  create({ task, declaration, targets, newcomerTargets, like }) {
    const link = likeLink(like) ?? (targets.some((value) => value < 0) ? 'identity' : 'softplus')
    const mean = meanOf(targets) ?? 0
    const variance = meanOf(targets.map((value) => (value - mean) ** 2)) ?? 0
    const firstSum = newcomerTargets.reduce((sum, value) => sum + value, 0)
    const head: AmountHead = {
      kind: 'amount',
      task,
      declaration,
      basis: like?.basis ?? 'model',
      prior: [mean],
      newcomerPrior: [(firstSum + NEWCOMER_SMOOTHING * mean) / (newcomerTargets.length + NEWCOMER_SMOOTHING)],
      link,
      scale: scales[link]({ mean, variance }) || 1,
      factor: 1,
    }
    return { head, shortage: shortageOf({ targets, link }) }
  },
  calibrate(head, { outputs, known }) {
    const predicted = numbersOf({ ...head, factor: 1 }, outputs)
    return { ...head, factor: fitFactor({ predicted, actual: known.targets, userIds: known.userIds }) }
  },
  withCalibrationOf: (head, { calibrated, shiftShare }) => ({
    ...head,
    factor: calibrated.factor ** shiftShare,
  }),
  withLatestLevel: (head) => head,
  lossOf,
  measure: measureAmountHead,
  details: detailsOfAmounts,
  told: (_head, { numbers, known }) => ({ told: numbers, came: Float64Array.from(known.targets) }),
  curves: () => ({}),
  thresholdFor: () => undefined,
}

function lossOf({ link, scale }: AmountHead, numbers: ArrayLike<number>, target: number): number {
  return losses[link](target / scale, (numbers[0] ?? Number.NaN) / scale)
}

function measureAmountHead(
  head: AmountHead,
  { numbers, known }: Judged,
  options?: { readonly ranked?: boolean },
): Measure {
  const deviances = deviancesOf(head, { numbers, known })
  return measureAmounts({ predicted: numbers, actual: known.targets, deviances }, options)
}

/** By tenths of the predictions, and first moments beside the newcomers' prior. */
function detailsOfAmounts(head: AmountHead, { numbers, known }: Judged): Metrics {
  const { targets: actual, isFirst } = known
  const ofPrior = repeated(head.newcomerPrior, actual.length)
  const { examples, loss, priorLoss } = newcomersOf({
    losses: deviancesOf(head, { numbers, known }),
    priorLosses: deviancesOf(head, { numbers: ofPrior, known }),
    isFirst,
  })
  return {
    deciles: decilesOf(numbers, actual),
    newcomers: { examples, deviance: loss, priorDeviance: priorLoss },
  }
}

function deviancesOf(head: AmountHead, { numbers, known }: Judged): Float64Array {
  return Float64Array.from(
    known.targets,
    (value, row) => 2 * lossOf(head, numbers.subarray(row, row + 1), value),
  )
}

function shortageOf({ targets, link }: { readonly targets: Float32Array; readonly link: Link }) {
  const count = targets.filter((value) => value !== 0).length
  if (count >= EXAMPLES_NEEDED) return undefined
  const outcome = link === 'softplus' ? 'above zero' : 'other than zero'
  return { outcome, count, known: targets.length, needed: EXAMPLES_NEEDED }
}

function likeLink(like: CreateRequest['like']): Link | undefined {
  return like !== undefined && 'link' in like ? like.link : undefined
}

function meanOf(values: Float32Array): number | undefined {
  if (values.length === 0) return undefined
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
