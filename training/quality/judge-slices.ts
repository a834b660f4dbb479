// In which slices of the moments answers are worth less than elsewhere, or off: beyond what chance explains,
// however many slices are looked at.
import type { Head } from '../../features/heads/head.ts'
import { rejectedByFalseDiscovery } from '../../features/statistics/many-tests.ts'
import { normalBelow } from '../../features/statistics/normal.ts'
import { trainingKindOf } from '../heads/kinds.ts'
import { lossesBy } from '../heads/losses-by.ts'
import type { Judged } from '../heads/training-kind.ts'
import { clusteredMean } from '../metrics/clustered.ts'
import { rounded } from '../metrics/curves.ts'
import { onlyWhere } from '../metrics/weights.ts'
import type { Slice } from './slices.ts'

export interface SliceCard {
  readonly name: string
  readonly examples: number
  readonly users: number
  /** How much of the prior's loss the model saves here. */
  readonly gain: number
  /** Mean of what was told, and of what came. */
  readonly told: number
  readonly came: number
  /** ROC AUC of classes, rank correlation of amounts; absent where it is not defined. */
  readonly order?: number
  readonly marks: readonly SliceMark[]
}

export type SliceMark =
  /** Of so few users that nothing is tested. */
  | 'small'
  /** The model saves less of the prior's loss than it does of all. */
  | 'worth_less'
  /** What is told is further above, or below, what comes than it is of all. */
  | 'told_too_much'
  | 'told_too_little'

const SMALL_USERS = 100
/** A slice of fewer users is not told of: it would tell of them. */
const USERS_MIN = 10
/** Of the slices that are marked, so many at most are marked by chance, on average. */
const FALSE_SHARE = 0.05
/** So many are kept, the largest, and all that are marked. */
const SLICES_MAX = 40

export interface JudgeSlicesRequest {
  readonly head: Head
  readonly judged: Judged
  readonly ofPrior: Judged
  /** The row of each example in the set that the slices are of. */
  readonly rows: readonly number[]
  readonly slices: readonly Slice[]
}

/** Largest first; a slice that holds all is none. */
export function judgeSlices(request: JudgeSlicesRequest): SliceCard[] {
  const tested = testSlices(request)
  const chances = tested.flatMap(({ tests }) => tests.map(({ p }) => p))
  const rejected = rejectedByFalseDiscovery(chances, FALSE_SHARE)
  let at = 0
  const judged = tested.map(({ card, tests }): SliceCard => {
    const marks = tests.flatMap(({ mark }) => (rejected[at++] === true ? [mark] : []))
    return { ...card, marks: [...card.marks, ...marks] }
  })
  const largest = judged.toSorted((a, b) => b.examples - a.examples)
  return largest.filter(({ marks }, rank) => rank < SLICES_MAX || marks.some((mark) => mark !== 'small'))
}

interface Tested {
  readonly card: SliceCard
  readonly tests: readonly { readonly mark: SliceMark; readonly p: number }[]
}

function testSlices({ head, judged, ofPrior, rows, slices }: JudgeSlicesRequest): Tested[] {
  const { userIds } = judged.known
  const kind = trainingKindOf(head)
  const measure = kind.measure(head, judged)
  const { told, came } = kind.told(head, judged)
  const [own, prior] = [judged, ofPrior].map((side) => lossesBy(head, side))
  if (own === undefined || prior === undefined) return []
  const left = sumOf(own) / sumOf(prior)
  const foretold = sumOf(came) / sumOf(told)
  const isAnswered = head.basis === 'model'
  return slices.flatMap(({ name, has }): Tested[] => {
    const places = [...rows.keys()].filter((place) => has(rows[place] ?? -1))
    const users = places.map((place) => userIds[place] ?? '')
    const userCount = new Set(users).size
    if (places.length === rows.length || userCount < USERS_MIN) return []
    const pick = (values: Float64Array): Float64Array =>
      Float64Array.from(places, (place) => values[place] ?? 0)
    const [lost, priorLost] = [pick(own), pick(prior)]
    const lostMore = lost.map((loss, at) => loss - left * (priorLost[at] ?? 0))
    const toldMore = pick(told.map((value, place) => value * foretold - (came[place] ?? 0)))
    const measured = measure(onlyWhere(rows.length, inSet(places)))
    const order = measured['auc'] ?? measured['spearman'] ?? null
    const isSmall = userCount < SMALL_USERS
    const card: SliceCard = {
      name,
      examples: places.length,
      users: userCount,
      gain: rounded(1 - sumOf(lost) / sumOf(priorLost)),
      told: rounded(sumOf(pick(told)) / places.length),
      came: rounded(sumOf(pick(came)) / places.length),
      ...(order !== null && { order: rounded(order) }),
      marks: isSmall ? ['small'] : [],
    }
    const tests = [
      { mark: 'worth_less', p: chanceAbove(lostMore, users) },
      { mark: 'told_too_much', p: chanceAbove(toldMore, users) },
      {
        mark: 'told_too_little',
        p: chanceAbove(
          toldMore.map((value) => -value),
          users,
        ),
      },
    ] as const
    return [{ card, tests: isSmall || !isAnswered ? [] : tests }]
  })
}

/** How likely so high a mean would be by chance, were there nothing, users being drawn. */
function chanceAbove(values: Float64Array, userIds: readonly string[]): number {
  const { mean, standardError } = clusteredMean(values, userIds)
  return standardError > 0 ? normalBelow(-mean / standardError) : 1
}

function inSet(places: readonly number[]): (place: number) => boolean {
  const set = new Set(places)
  return (place) => set.has(place)
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}
