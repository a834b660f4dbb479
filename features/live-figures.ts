// How well answers turned out, as sums that add up over packs and days: the log loss beside the prior's,
// calibration, and how well scores tell a yes from a no. Each answer weighs the inverse of how likely it was
// to be logged, so that a busy hour counts as what was asked in it.
import { hashText } from './hash.ts'
import type { Head } from './heads/head.ts'
import { logOddsOf } from './log-odds.ts'
import { priorNumbers } from './prediction-pack.ts'

/** Of a sum: weights w of values x. */
export interface Moments {
  readonly count: number
  /** Σw */
  readonly weight: number
  /** Σw² */
  readonly weightSquared: number
  /** Σwx */
  readonly sum: number
  /** Σwx² */
  readonly sumSquared: number
}

export interface Figures {
  /** Answers of which nothing is known, and nothing will be: no next event came, no label. */
  readonly unknown: number
  /** Of classes the log loss; of amounts the absolute error. */
  readonly loss: Moments
  readonly priorLoss: Moments
  /** By tenths of the probability that was answered for what is likeliest (of a yes or no: for yes). */
  readonly bins: readonly CalibrationBin[]
  /** Of a yes or no: weights of each by steps of the log-odds that were answered; else empty. */
  readonly yes: readonly number[]
  readonly no: readonly number[]
  /** By groups of users; absent where some of the answers were not counted so. */
  readonly groups?: GroupSums | undefined
}

/**
 * Sums over the answers of each group of users. The answers of a user hang together, those of two groups do not: how
 * far groups differ tells how far chance goes, with as many numbers for a million users as for a hundred.
 */
export interface GroupSums {
  readonly weight: readonly number[]
  /** Of the loss. */
  readonly loss: readonly number[]
  /** Of what was answered less what came. */
  readonly off: readonly number[]
}

export interface CalibrationBin {
  readonly weight: number
  readonly weightSquared: number
  /** Sums of what was answered and of what came true. */
  readonly answered: number
  readonly came: number
}

export interface Mean {
  readonly mean: number
  /** Half the width of its 95 % interval. */
  readonly halfWidth: number
  readonly count: number
}

const BINS = 10
/**
 * Steps of a tenth in log-odds, from 1 in 3,000 to as near to certain: probabilities of what is rare lie close to each
 * other, and hundredths of them would tell nothing apart.
 */
const SCORES = { count: 160, perUnit: 10 }
const GROUPS = 64
/** Of fewer groups that have answers no variance is known. */
const GROUPS_MIN = 10
const PROBABILITY_MIN = 1e-15
/** The 97.5 % point of the normal distribution. */
const Z = 1.959964

const noMoments: Moments = { count: 0, weight: 0, weightSquared: 0, sum: 0, sumSquared: 0 }

const NO_GROUPS: readonly number[] = Array.from({ length: GROUPS }, () => 0)

export function noFigures(head: Head): Figures {
  const scores = head.kind === 'probability' ? Array.from({ length: SCORES.count }, () => 0) : []
  const bins = head.kind === 'amount' ? 0 : BINS
  return {
    unknown: 0,
    loss: noMoments,
    priorLoss: noMoments,
    bins: Array.from({ length: bins }, () => ({ weight: 0, weightSquared: 0, answered: 0, came: 0 })),
    yes: scores,
    no: scores,
    groups: { weight: NO_GROUPS, loss: NO_GROUPS, off: NO_GROUPS },
  }
}

export interface Settled {
  /** Who was answered. */
  readonly userId: string
  /** Probabilities of all classes, or one amount. */
  readonly numbers: readonly number[]
  /** The index of the class that came true, or the amount; null where it is not known. */
  readonly target: number | null
  readonly propensity: number
}

/** Adds what came of one answer. */
export function addSettled(
  figures: Figures,
  head: Head,
  { userId, numbers, target, propensity }: Settled,
): Figures {
  if (target === null) return { ...figures, unknown: figures.unknown + 1 }
  const weight = 1 / propensity
  const place = head.kind === 'probability' ? 1 : numbers.indexOf(Math.max(...numbers))
  const answered = numbers[place] ?? 0
  const came = target === place ? 1 : 0
  const add = (counts: readonly number[], isOf: boolean): readonly number[] => {
    if (!isOf || counts.length === 0) return counts
    return counts.with(scoreOf(answered), (counts[scoreOf(answered)] ?? 0) + weight)
  }
  const bin = figures.bins[binOf(answered, BINS)]
  const value = lossOf(head, numbers, target)
  const group = hashText(userId) % GROUPS
  const plus = (sums: readonly number[], more: number): readonly number[] =>
    sums.with(group, (sums[group] ?? 0) + weight * more)
  return {
    unknown: figures.unknown,
    loss: addValue(figures.loss, { value, weight }),
    priorLoss: addValue(figures.priorLoss, { value: lossOf(head, priorNumbers(head), target), weight }),
    bins:
      bin === undefined
        ? figures.bins
        : figures.bins.with(binOf(answered, BINS), {
            weight: bin.weight + weight,
            weightSquared: bin.weightSquared + weight ** 2,
            answered: bin.answered + weight * answered,
            came: bin.came + weight * came,
          }),
    yes: add(figures.yes, came === 1),
    no: add(figures.no, came === 0),
    groups: figures.groups && {
      weight: plus(figures.groups.weight, 1),
      loss: plus(figures.groups.loss, value),
      off: plus(figures.groups.off, figures.bins.length === 0 ? 0 : answered - came),
    },
  }
}

/** The figures of both; of the right alone where there is nothing yet on the left. */
export function plusFigures(left: Figures | undefined, right: Figures): Figures {
  if (left === undefined) return right
  return {
    unknown: left.unknown + right.unknown,
    loss: plusMoments(left.loss, right.loss),
    priorLoss: plusMoments(left.priorLoss, right.priorLoss),
    bins: left.bins.map((bin, index) => {
      const other = right.bins[index] ?? bin
      return {
        weight: bin.weight + other.weight,
        weightSquared: bin.weightSquared + other.weightSquared,
        answered: bin.answered + other.answered,
        came: bin.came + other.came,
      }
    }),
    yes: left.yes.map((weight, index) => weight + (right.yes[index] ?? 0)),
    no: left.no.map((weight, index) => weight + (right.no[index] ?? 0)),
    groups: plusGroups(left.groups, right.groups),
  }
}

/** The figures as if each answer had stood for so many times as many. */
export function scaleFigures(figures: Figures, factor: number): Figures {
  const scaled = (values: readonly number[]): number[] => values.map((value) => factor * value)
  const { unknown, loss, priorLoss, bins, yes, no, groups } = figures
  return {
    unknown,
    loss: scaleMoments(loss, factor),
    priorLoss: scaleMoments(priorLoss, factor),
    bins: bins.map(({ weight, weightSquared, answered, came }) => ({
      weight: factor * weight,
      weightSquared: factor ** 2 * weightSquared,
      answered: factor * answered,
      came: factor * came,
    })),
    yes: scaled(yes),
    no: scaled(no),
    groups: groups && { weight: scaled(groups.weight), loss: scaled(groups.loss), off: scaled(groups.off) },
  }
}

function scaleMoments({ count, weight, weightSquared, sum, sumSquared }: Moments, factor: number): Moments {
  return {
    count,
    weight: factor * weight,
    weightSquared: factor ** 2 * weightSquared,
    sum: factor * sum,
    sumSquared: factor * sumSquared,
  }
}

function plusGroups(left: GroupSums | undefined, right: GroupSums | undefined): GroupSums | undefined {
  if (left === undefined || right === undefined) return undefined
  const plus = (of: keyof GroupSums): number[] =>
    left[of].map((value, group) => value + (right[of][group] ?? 0))
  return { weight: plus('weight'), loss: plus('loss'), off: plus('off') }
}

/** A mean over answers whose variance is that between groups of users. */
export interface UserMean {
  readonly mean: number
  /** Of the mean: the square of its standard error. */
  readonly variance: number
  /** So many answers of equal weight tell as much, were each of another user. */
  readonly effective: number
}

/**
 * The mean loss, or how far answers lie above what came; undefined where too few users are known.
 * Linearised ratio of sums over groups.
 */
export function userMeanOf({ groups, loss }: Figures, of: 'loss' | 'off'): UserMean | undefined {
  if (groups === undefined) return undefined
  const { weight } = groups
  const known = weight.flatMap((value, group) => (value > 0 ? [group] : []))
  if (known.length < GROUPS_MIN) return undefined
  const total = weight.reduce((sum, value) => sum + value, 0)
  const mean = groups[of].reduce((sum, value) => sum + value, 0) / total
  const squares = known.reduce(
    (sum, group) => sum + ((groups[of][group] ?? 0) - mean * (weight[group] ?? 0)) ** 2,
    0,
  )
  const variance = ((known.length / (known.length - 1)) * squares) / total ** 2
  return { mean, variance, effective: loss.weight ** 2 / loss.weightSquared }
}

function plusMoments(left: Moments, right: Moments): Moments {
  return {
    count: left.count + right.count,
    weight: left.weight + right.weight,
    weightSquared: left.weightSquared + right.weightSquared,
    sum: left.sum + right.sum,
    sumSquared: left.sumSquared + right.sumSquared,
  }
}

/** A mean and its variance, of so many answers of equal weight as tell as much; undefined where none is known. */
export function meanOf({ weight, weightSquared, sum, sumSquared }: Moments) {
  if (weight === 0) return undefined
  const mean = sum / weight
  const effective = weight ** 2 / weightSquared
  const variance = Math.max(0, sumSquared / weight - mean ** 2)
  return { mean, variance, effective }
}

/** A mean with its interval; undefined where none is known. */
export function intervalOf(moments: Moments): Mean | undefined {
  const found = meanOf(moments)
  if (found === undefined) return undefined
  const { mean, variance, effective } = found
  return { mean, halfWidth: Z * Math.sqrt(variance / effective), count: moments.count }
}

/**
 * How likely a yes is answered with more than a no (ties count half), as far as tenths of log-odds tell; with the
 * interval of Hanley and McNeil, "The meaning and use of the area under a ROC curve", 1982. Undefined where
 * there are no yeses or no noes.
 */
export function areaUnderCurve({ yes, no, loss }: Figures): Mean | undefined {
  const total = (weights: readonly number[]): number => weights.reduce((sum, weight) => sum + weight, 0)
  const [yeses, noes] = [total(yes), total(no)]
  if (yeses === 0 || noes === 0) return undefined
  let below = 0
  let won = 0
  for (const [index, weight] of yes.entries()) {
    const tied = no[index] ?? 0
    won += weight * (below + tied / 2)
    below += tied
  }
  const area = won / (yeses * noes)
  const scale = loss.weight / loss.weightSquared
  const [n1, n0] = [yeses * scale, noes * scale]
  const [q1, q2] = [area / (2 - area), (2 * area ** 2) / (1 + area)]
  const variance = (area * (1 - area) + (n1 - 1) * (q1 - area ** 2) + (n0 - 1) * (q2 - area ** 2)) / (n1 * n0)
  return { mean: area, halfWidth: Z * Math.sqrt(Math.max(0, variance)), count: loss.count }
}

export interface CalibrationPoint {
  readonly answered: number
  readonly came: number
  /** Wilson's 95 % interval of what came true. */
  readonly low: number
  readonly high: number
}

/** What was answered beside what came true, by tenths of the probability; empty tenths are left out. */
export function calibrationOf({ bins }: Figures): CalibrationPoint[] {
  return bins.flatMap(({ weight, weightSquared, answered, came }) => {
    if (weight === 0) return []
    const n = weight ** 2 / weightSquared
    const share = came / weight
    const middle = (share + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n)
    const half = (Z / (1 + Z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2))
    return [
      {
        answered: answered / weight,
        came: share,
        low: Math.max(0, middle - half),
        high: Math.min(1, middle + half),
      },
    ]
  })
}

/** The mean distance between what was answered and what came, by tenths; undefined where nothing is known. */
export function calibrationError({ bins }: Figures): number | undefined {
  const weight = bins.reduce((sum, bin) => sum + bin.weight, 0)
  if (weight === 0) return undefined
  return bins.reduce((sum, bin) => sum + Math.abs(bin.answered - bin.came), 0) / weight
}

function addValue(
  { count, weight: total, weightSquared, sum, sumSquared }: Moments,
  { value, weight }: { readonly value: number; readonly weight: number },
): Moments {
  return {
    count: count + 1,
    weight: total + weight,
    weightSquared: weightSquared + weight ** 2,
    sum: sum + weight * value,
    sumSquared: sumSquared + weight * value ** 2,
  }
}

function lossOf(head: Head, numbers: readonly number[], target: number): number {
  if (head.kind === 'amount') return Math.abs((numbers[0] ?? Number.NaN) - target)
  return -Math.log(Math.max(numbers[target] ?? 0, PROBABILITY_MIN))
}

function binOf(probability: number, bins: number): number {
  return Math.min(bins - 1, Math.floor(probability * bins))
}

function scoreOf(probability: number): number {
  const logOdds = logOddsOf(probability)
  const place = Math.floor(logOdds * SCORES.perUnit) + SCORES.count / 2
  return Math.min(SCORES.count - 1, Math.max(0, place))
}
