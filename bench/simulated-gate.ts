// Two made-up models at the moments of made-up users, for the gate: users differ, their moments resemble each
// other, and both models err, partly alike (they learned from the same data) and partly each by itself.
import { createRandom } from '../features/random.ts'
import type { Random } from '../features/random.ts'
import type { PairedTask } from '../training/gate/paired-losses.ts'
import type { Place } from '../training/gate/worse.ts'

export interface SimulatedGate {
  readonly users: number
  /** Mean moments of a user, at least one each. */
  readonly momentsOfUser: number
  /** By task, how often the answer is yes. */
  readonly rates: readonly number[]
  /** By how much the loss of both is above the truth's for what they err alike, as a share. */
  readonly sharedExcess: number
  /** Likewise for what each errs by itself: champion, challenger. */
  readonly ownExcess: readonly [number, number]
}

const SPREAD = 1.5
/** Of an error's variance so much belongs to the user, the rest to the moment. */
const OF_USER = 0.5
const SLICES = 12

/** Losses of both, and slices of users, as the gate's judge takes them. */
export function simulateGate(
  { users, momentsOfUser, rates, sharedExcess, ownExcess }: SimulatedGate,
  random: Random,
): { readonly paired: PairedTask[]; readonly slices: Place[] } {
  const owner: number[] = []
  for (let user = 0; user < users; user += 1) {
    const count = 1 + Math.floor(random.exponential(1 / Math.max(1e-9, momentsOfUser - 1)))
    for (let moment = 0; moment < count; moment += 1) owner.push(user)
  }
  const userIds = owner.map(String)
  const rows = [...owner.keys()]
  const sliceOf = Array.from({ length: users }, () => random.integer(SLICES))
  const paired = rates.map((rate, task): PairedTask => {
    const draw = fieldOf(owner, users, random)
    const truth = draw().map((value) => interceptOf(rate) + SPREAD * value)
    const [shared, first, second] = [sharedExcess, ...ownExcess].map((excess) => {
      const scale = errorScale(rate, excess)
      return draw().map((value) => scale * value)
    })
    const champion = new Float64Array(owner.length)
    const challenger = new Float64Array(owner.length)
    for (const row of rows) {
      const logit = truth[row] ?? 0
      const came = random.next() < 1 / (1 + Math.exp(-logit))
      const alike = logit + (shared?.[row] ?? 0)
      champion[row] = lossOf(alike + (first?.[row] ?? 0), came)
      challenger[row] = lossOf(alike + (second?.[row] ?? 0), came)
    }
    return { task: `task${task}`, rows, userIds, champion, challenger, isAnsweredByChampion: true }
  })
  const places = Array.from({ length: SLICES }, (_, slice) =>
    rows.filter((row) => sliceOf[owner[row] ?? 0] === slice),
  )
  const slices = paired.flatMap(({ task }) =>
    places.map((own, slice) => ({ task, slice: `slice${slice}`, places: own })),
  )
  return { paired, slices }
}

/** Standard normal values a moment, alike within a user. */
function fieldOf(owner: readonly number[], users: number, random: Random): () => number[] {
  return () => {
    const ofUser = Array.from({ length: users }, () => Math.sqrt(OF_USER) * random.normal())
    return owner.map((user) => (ofUser[user] ?? 0) + Math.sqrt(1 - OF_USER) * random.normal())
  }
}

function lossOf(logit: number, came: boolean): number {
  return Math.log1p(Math.exp(came ? -logit : logit))
}

const scales = new Map<string, number>()

/** The deviation of an error in log odds that raises the expected loss by this share. */
function errorScale(rate: number, excess: number): number {
  const known = scales.get(`${rate}/${excess}`)
  if (known !== undefined) return known
  const random = createRandom(1)
  const logits = Array.from({ length: 20_000 }, () => interceptOf(rate) + SPREAD * random.normal())
  const errors = logits.map(() => random.normal())
  const expected = (scale: number): number =>
    logits.reduce((sum, logit, at) => {
      const p = 1 / (1 + Math.exp(-logit))
      const given = logit + scale * (errors[at] ?? 0)
      return sum + p * lossOf(given, true) + (1 - p) * lossOf(given, false)
    }, 0)
  const least = expected(0)
  let [low, high] = [0, 5]
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2
    if (expected(middle) < (1 + excess) * least) low = middle
    else high = middle
  }
  scales.set(`${rate}/${excess}`, low)
  return low
}

const intercepts = new Map<number, number>()

/** Around which log odds spread so that a yes comes so often. */
function interceptOf(rate: number): number {
  const known = intercepts.get(rate)
  if (known !== undefined) return known
  const random = createRandom(2)
  const spread = Array.from({ length: 20_000 }, () => SPREAD * random.normal())
  let [low, high] = [-15, 15]
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2
    const mean = spread.reduce((sum, value) => sum + 1 / (1 + Math.exp(-middle - value)), 0) / spread.length
    if (mean < rate) low = middle
    else high = middle
  }
  intercepts.set(rate, low)
  return low
}
