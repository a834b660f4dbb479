// A self-supervised start: a model is first trained to tell every next event of everybody's histories, labelled or
// not, as large language models are. What it has learned of reading a history is where fitting the tasks begins.
import { setImmediate as nextTurn } from 'node:timers/promises'
import * as tf from '@tensorflow/tfjs'
import { createRandom, shuffle } from '../../features/random.ts'
import { chunksOf, selectExamples } from '../examples/example-set.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import type { ParameterValues } from '../graph/parameters.ts'
import { createTfOps } from '../graph/tf-ops.ts'
import type { Ops } from '../graph/ops.ts'
import { FitError } from '../models/family.ts'
import type { ModelShape } from '../models/family.ts'
import type { HistoryReader } from '../models/model.ts'
import type { Monitor } from '../monitor.ts'
import { createBestChecks } from './best-checks.ts'
import { createCourse } from './course.ts'
import type { Course } from './course.ts'
import { createNextEvents } from './next-events.ts'
import { tensorsOf } from './predict.ts'
import { batchSizeFor } from './settings.ts'
import type { TrainingSettings } from './settings.ts'
import { createStepper } from './stepper.ts'
import type { Stepper } from './stepper.ts'

export interface StartRequest {
  /** The family's name, for a fault. */
  readonly family: string
  readonly reader: HistoryReader
  readonly shape: ModelShape
  readonly settings: TrainingSettings
  /** Windows of histories: the inputs of the sequence alone. */
  readonly histories: ExampleSet
  /** So long; where absent until a tenth of the windows, held out, is told no better. */
  readonly epochs?: number | undefined
  readonly seed: number
  readonly monitor: Monitor
}

export interface Start {
  /** Those of the model, and of what told the next events. */
  readonly parameters: ParameterValues
  readonly epochs: number
}

/** Of fewer windows nothing is learned that would carry over. */
const WINDOWS_MIN = 20
/** So many checks without a better one end it. */
const PATIENCE_CHECKS = 3
/** Steps between two checks. */
const CHECK_STEPS = 20
/** A check looks at so many windows at most. */
const HELD_OUT_MAX = 1_024
/** Windows at a time where nothing is learned. */
const ROWS = 256

/** Undefined where histories tell nothing. Rejects with FitError where a loss is no number. */
export async function learnStart(request: StartRequest): Promise<Start | undefined> {
  const { shape, settings, histories, reader, seed, monitor, epochs } = request
  if (histories.count < WINDOWS_MIN) return undefined
  const { train, heldOut } =
    epochs === undefined ? holdOut(histories, seed) : { train: histories, heldOut: undefined }
  const tfOps = createTfOps({ seed })
  const next = createNextEvents({ features: shape.features, windows: train, width: reader.width })
  if (!next.isAny) return undefined
  const lossBy = (ops: Ops<tf.Tensor>, batch: ExampleSet): tf.Scalar =>
    next.lossOf(ops, { read: reader.read(ops, tensorsOf(shape, batch), shape), batch })
  // The first call makes the parameters.
  tf.tidy(() => void lossBy(tfOps.ops, selectExamples(train, [0])))
  const stepper = createStepper({ tfOps, settings, lossOf: (batch) => lossBy(tfOps.ops, batch) })
  const batchSize = batchSizeFor(train.count, settings)
  const course = createCourse({ ...request, train, learner: stepper, batchSize })
  monitor.say(`a start: telling the next events of ${train.count} windows of histories`)
  try {
    if (heldOut === undefined) return await learnFor(epochs ?? 0, { course, stepper, train })
    const averaged = createTfOps({ seed, variables: stepper.average.variables })
    const judge = (): number => tf.tidy(() => meanLoss(heldOut, (batch) => lossBy(averaged.ops, batch)))
    return await learnUntilBest({ ...request, judge }, { course, stepper, train })
  } finally {
    stepper.dispose()
  }
}

/** A tenth, drawn by the seed, tells when to stop. */
function holdOut(
  histories: ExampleSet,
  seed: number,
): { readonly train: ExampleSet; readonly heldOut: ExampleSet } {
  const rows = shuffle([...Array(histories.count).keys()], createRandom(seed).fork('start'))
  const count = Math.ceil(histories.count / 10)
  const inOrder = (chosen: readonly number[]): number[] => chosen.toSorted((a, b) => a - b)
  return {
    train: selectExamples(histories, inOrder(rows.slice(count))),
    heldOut: selectExamples(histories, inOrder(rows.slice(0, Math.min(count, HELD_OUT_MAX)))),
  }
}

interface Learning {
  readonly course: Course
  readonly stepper: Stepper
  readonly train: ExampleSet
}

async function learnFor(epochs: number, { course, stepper, train }: Learning): Promise<Start> {
  while (course.epochs < epochs - 0.5 / train.count) {
    course.advance()
    if (course.steps % CHECK_STEPS !== 0) continue
    course.note()
    await nextTurn()
  }
  course.close()
  return { parameters: stepper.average.snapshot(), epochs }
}

async function learnUntilBest(
  {
    settings,
    reader,
    judge,
    family,
  }: Pick<StartRequest, 'settings' | 'reader' | 'family'> & { readonly judge: () => number },
  { course, stepper }: Learning,
): Promise<Start> {
  const best = createBestChecks([], settings)
  const endMs = performance.now() + settings.minutesMax * 60_000
  check()
  while (
    course.epochs < reader.epochsMax &&
    course.steps - best.betterAtSteps() < PATIENCE_CHECKS * CHECK_STEPS &&
    performance.now() < endMs
  ) {
    course.advance()
    if (course.steps % CHECK_STEPS !== 0) continue
    check()
    await nextTurn()
  }
  course.close()
  const [kept] = best.kept()
  if (kept === undefined) throw new Error('Expected a check that was the best, got none')
  return kept

  function check(): void {
    const loss = judge()
    if (!Number.isFinite(loss)) {
      const cause = `the loss of next events held out is ${loss}`
      throw new FitError({ code: 'diverged', family, step: course.steps, cause })
    }
    course.note(`on windows held out ${loss.toFixed(4)}`)
    const { steps, epochs } = course
    best.consider({ steps, epochs, losses: { next: loss } }, () => stepper.average.snapshot())
  }
}

function meanLoss(examples: ExampleSet, lossOf: (batch: ExampleSet) => tf.Scalar): number {
  let sum = 0
  for (const chunk of chunksOf(examples, ROWS)) {
    sum += chunk.count * (tf.tidy(() => lossOf(chunk)).dataSync()[0] ?? Number.NaN)
  }
  return sum / examples.count
}
