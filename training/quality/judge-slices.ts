// In which slices of the moments answers are worth less than elsewhere, or off: beyond what chance explains,
// however many slices are looked at.
import type { Head } from '../../features/heads/head.ts'
import { readerOf } from '../../features/heads/kinds.ts'
import { rejectedByFalseDiscovery } from '../../features/statistics/many-tests.ts'
import { normalBelow } from '../../features/statistics/normal.ts'
import { trainingKindOf } from '../heads/kinds.ts'
import { lossesBy } from '../heads/losses-by.ts'
import type { Judged } from '../heads/training-kind.ts'
import { numberUsers } from '../metrics/clustered.ts'
import { rounded } from '../metrics/curves.ts'
import { alike } from '../metrics/weights.ts'
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
  const rejected = rejectedByFalseDiscovery(
    tested.flatMap(({ tests }) => tests.map(({ p }) => p)),
    FALSE_SHARE,
  )
  let at = 0
  const marked = tested.map(({ tests, ...slice }) => {
    const found = tests.flatMap(({ mark }) => (rejected[at++] === true ? [mark] : []))
    return { ...slice, card: { ...slice.card, marks: [...slice.card.marks, ...found] } }
  })
  return marked
    .toSorted((a, b) => b.card.examples - a.card.examples)
    .filter(({ card }, rank) => rank < SLICES_MAX || card.marks.some((mark) => mark !== 'small'))
    .map(({ card: { marks, ...card }, places }) => ({ ...card, ...orderIn(places, request), marks }))
}

interface Tested {
  readonly card: Omit<SliceCard, 'order'>
  readonly places: Int32Array
  readonly tests: readonly { readonly mark: SliceMark; readonly p: number }[]
}

function testSlices({ head, judged, ofPrior, rows, slices }: JudgeSlicesRequest): Tested[] {
  const { told, came } = trainingKindOf(head).told(head, judged)
  const [own, prior] = [lossesBy(head, judged), lossesBy(head, ofPrior)]
  const left = sumOf(own) / sumOf(prior)
  const foretold = sumOf(came) / sumOf(told)
  const lostMore = own.map((loss, place) => loss - left * (prior[place] ?? 0))
  const toldMore = told.map((value, place) => value * foretold - (came[place] ?? 0))
  const { userOf, userCount } = numberUsers(judged.known.userIds)
  const sums = createSums(userOf, userCount)
  return slices.flatMap(({ name, has }): Tested[] => {
    const places = Int32Array.from(placesWhere(rows, has))
    if (places.length === rows.length || places.length < USERS_MIN) return []
    const [lost, more] = [sums(places, lostMore), sums(places, toldMore)]
    if (lost.users < USERS_MIN) return []
    const isSmall = lost.users < SMALL_USERS
    const tests = [
      { mark: 'worth_less', p: normalBelow(-lost.errors) },
      { mark: 'told_too_much', p: normalBelow(-more.errors) },
      { mark: 'told_too_little', p: normalBelow(more.errors) },
    ] as const
    return [
      {
        card: {
          name,
          examples: places.length,
          users: lost.users,
          gain: rounded(1 - sumAt(places, own) / sumAt(places, prior)),
          told: rounded(sumAt(places, told) / places.length),
          came: rounded(sumAt(places, came) / places.length),
          marks: isSmall ? ['small'] : [],
        },
        places,
        tests: isSmall || head.basis === 'prior' ? [] : tests,
      },
    ]
  })
}

interface Sums {
  /** How many users have one of the places. */
  readonly users: number
  /** How many standard errors the mean lies above nothing, users being drawn; 0 where nothing varies. */
  readonly errors: number
}

/** Sums the values at some places by user; the room for it is made once. */
function createSums(
  userOf: Int32Array,
  userCount: number,
): (places: Int32Array, values: Float64Array) => Sums {
  const [ofUser, counts] = [new Float64Array(userCount), new Float64Array(userCount)]
  return (places, values) => {
    const met: number[] = []
    let total = 0
    for (const place of places) {
      const user = userOf[place] ?? 0
      if (counts[user] === 0) met.push(user)
      counts[user] = (counts[user] ?? 0) + 1
      ofUser[user] = (ofUser[user] ?? 0) + (values[place] ?? 0)
      total += values[place] ?? 0
    }
    const mean = total / places.length
    let variance = 0
    for (const user of met) {
      variance += ((ofUser[user] ?? 0) - mean * (counts[user] ?? 0)) ** 2
      ofUser[user] = 0
      counts[user] = 0
    }
    return { users: met.length, errors: variance > 0 ? total / Math.sqrt(variance) : 0 }
  }
}

/** How well the examples at these places are ordered among themselves. */
function orderIn(places: Int32Array, { head, judged }: JudgeSlicesRequest): { readonly order?: number } {
  const { width } = readerOf(head)
  const { numbers, known } = judged
  const picked = new Float64Array(places.length * width)
  for (const [at, place] of places.entries()) {
    picked.set(numbers.subarray(place * width, (place + 1) * width), at * width)
  }
  const pick = <Value>(values: ArrayLike<Value>): Value[] =>
    Array.from(places, (place) => values[place] as Value)
  const own: Judged = {
    numbers: picked,
    known: {
      targets: Float32Array.from(pick(known.targets)),
      userIds: pick(known.userIds),
      atMs: Float64Array.from(pick(known.atMs)),
      isFirst: pick(known.isFirst),
    },
  }
  const measured = trainingKindOf(head).measure(head, own)(alike(places.length))
  const order = measured['auc'] ?? measured['spearman'] ?? null
  return order === null ? {} : { order: rounded(order) }
}

function placesWhere(rows: readonly number[], has: (row: number) => boolean): number[] {
  const places: number[] = []
  for (let place = 0; place < rows.length; place += 1) if (has(rows[place] ?? -1)) places.push(place)
  return places
}

function sumAt(places: Int32Array, values: Float64Array): number {
  let sum = 0
  for (const place of places) sum += values[place] ?? 0
  return sum
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}
