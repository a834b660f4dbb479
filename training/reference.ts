// What later drift is measured against: how the inputs, the answers and what came true were spread over users
// when the model was made. Of each user one moment, drawn at random, among the latest: what came long before is
// not what is to come.
import type { Head } from '../features/heads/head.ts'
import { readerOf } from '../features/heads/kinds.ts'
import { countBetween, countInputs, inputBinsOf } from '../features/input-bins.ts'
import type { Features, Reference, ReferenceCounts } from '../features/manifest.ts'
import type { Random } from '../features/random.ts'
import { shuffle } from '../features/random.ts'
import { rowOf } from '../features/rows.ts'
import type { ExampleSet } from './examples/example-set.ts'
import { givenNumbers, knownExamplesOf } from './heads/known-examples.ts'
import { quantileBoundaries } from './learn/statistics.ts'
import type { Outputs } from './models/family.ts'

/** Of the moments in time the latest share is looked at. */
const LATEST_SHARE = 0.2
const ANSWER_BINS = 12
/** Of a head with more classes the first are counted. */
const CLASSES_MAX = 100

/** Of the inputs that a deployed model learned from. */
export function referenceInputs(
  features: Features,
  { learned, random }: { readonly learned: ExampleSet; readonly random: Random },
): Reference['inputs'] {
  const latest = oneOfEachUser(latestRows(learned), { examples: learned, random })
  const rows = latest.map((row) => rowOf(learned.inputs, { row, rows: learned.count }))
  return countInputs(inputBinsOf(features), rows)
}

/** Of what a rehearsal answered at moments that it had not learned from, and of what came true after them. */
export function referenceAnswers(
  heads: readonly Head[],
  request: { readonly tested: ExampleSet; readonly outputs: Outputs; readonly random: Random },
): Pick<Reference, 'answers' | 'outcomes'> {
  const { tested, outputs, random } = request
  const rows = oneOfEachUser([...tested.userIds.keys()], { examples: tested, random: random.fork('answers') })
  return {
    answers: Object.fromEntries(heads.map((head) => [head.task, answersOf(head, { outputs, rows })])),
    outcomes: Object.fromEntries(heads.map((head) => [head.task, outcomesOf(head, { tested, random })])),
  }
}

function latestRows({ atMs }: ExampleSet): number[] {
  const rising = atMs.toSorted()
  const fromMs = rising[Math.floor((1 - LATEST_SHARE) * rising.length)] ?? 0
  return [...atMs.keys()].filter((row) => (atMs[row] ?? 0) >= fromMs)
}

/** In a random order the first of each user. */
function oneOfEachUser(
  rows: readonly number[],
  { examples, random }: { readonly examples: Pick<ExampleSet, 'userIds'>; readonly random: Random },
): number[] {
  const seen = new Set<string>()
  return shuffle(rows, random).filter((row) => {
    const userId = examples.userIds[row] ?? ''
    return !seen.has(userId) && seen.add(userId)
  })
}

/** One a number of the head, but for the first of several, which follows from the others. */
function answersOf(
  head: Head,
  { outputs, rows }: { readonly outputs: Outputs; readonly rows: readonly number[] },
): ReferenceCounts[] {
  const { width } = readerOf(head)
  const numbers = givenNumbers(head, { outputs, rows })
  const places = Array.from({ length: width }, (_, place) => place)
    .slice(width > 1 ? 1 : 0)
    .slice(0, CLASSES_MAX)
  return places.map((place) => {
    const values = rows.map((_, row) => numbers[row * width + place] ?? 0)
    return countedBetween(quantileBoundaries(values, ANSWER_BINS).slice(1, -1), values)
  })
}

function outcomesOf(
  head: Head,
  { tested, random }: { readonly tested: ExampleSet; readonly random: Random },
): ReferenceCounts {
  const { known } = knownExamplesOf(tested, head.task)
  const rows = oneOfEachUser([...known.userIds.keys()], { examples: known, random: random.fork(head.task) })
  const values = rows.map((row) => known.targets[row] ?? 0)
  const cuts =
    'classes' in head
      ? head.classes.slice(1, CLASSES_MAX).map((_, place) => place + 1)
      : quantileBoundaries(values, ANSWER_BINS).slice(1)
  return countedBetween(cuts, values)
}

function countedBetween(cuts: readonly number[], values: readonly number[]): ReferenceCounts {
  return { cuts, counts: countBetween(cuts, values) }
}
