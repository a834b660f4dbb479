// A model that learns what its heads are asked.
import * as tf from '@tensorflow/tfjs'
import { headWidth } from '../../features/heads/kinds.ts'
import type { Head } from '../../features/heads/head.ts'
import { selectExamples } from '../examples/example-set.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import { batchLoss, lossOf } from '../graph/loss.ts'
import type { LearnedHead, Targets } from '../graph/loss.ts'
import type { ParameterValues } from '../graph/parameters.ts'
import { createTfOps } from '../graph/tf-ops.ts'
import type { ModelShape } from '../models/family.ts'
import { repeatTargets } from '../models/members.ts'
import type { Build } from '../models/model.ts'
import { priorColumn } from '../models/prior-outputs.ts'
import { predictOutputs, tensorsOf } from './predict.ts'
import type { TrainingSettings } from './settings.ts'
import { createStepper } from './stepper.ts'
import type { Stepper } from './stepper.ts'

export interface LearnerRequest {
  readonly build: Build
  /** With the outputs of each member: those learn. */
  readonly buildMembers: Build
  readonly members: number
  readonly shape: ModelShape
  readonly settings: TrainingSettings
  readonly train: ExampleSet
  readonly seed: number
  /** What parameters of these names start from. */
  readonly start?: ParameterValues | undefined
}

export interface Learner extends Stepper {
  /** The heads that have something to learn. */
  readonly learned: readonly LearnedHead[]
}

/** Starts from what is given, and from the seed. */
export function createLearner(request: LearnerRequest): Learner {
  const { build, buildMembers, members, shape, settings, train, seed, start } = request
  const tfOps = createTfOps({ seed, ...(start !== undefined && { start }) })
  const { ops } = tfOps
  const learned = learnedHeads(shape.heads, train.targets)
  // The first call of a model makes its parameters.
  predictOutputs({ ops, build, shape, tasks: [] }, selectExamples(train, [0]))
  const stepper = createStepper({
    tfOps,
    settings,
    lossOf: (batch) =>
      lossOf(learned, {
        outputs: buildMembers(ops, tensorsOf(shape, batch), shape),
        targets: repeatTargets(batch.targets, members),
      }),
  })
  return { ...stepper, learned }
}

/** Below this the prior is never wrong: nothing can be learned. */
const PRIOR_LOSS_MIN = 1e-9

/**
 * Without those that the prior answers whatever comes. Each loss is divided by the prior's, so that what is
 * made small is the share of it that is left, whatever the task: no task drowns another.
 */
function learnedHeads(heads: readonly Head[], targets: Targets): LearnedHead[] {
  const learned = heads
    .filter(({ basis }) => basis === 'model')
    .map((head) => ({ head, loss: priorLoss(head, targets[head.task] ?? new Float32Array(0)) }))
    .filter(({ loss }) => !(loss < PRIOR_LOSS_MIN))
  return learned.map(({ head, loss }) => ({ head, weight: 1 / (loss * learned.length) }))
}

function priorLoss(head: Head, targets: Float32Array): number {
  return tf.tidy(() => {
    const output = tf.tensor2d(priorColumn(head, targets.length), [targets.length, headWidth(head)])
    return batchLoss(head, { output, targets }).dataSync()[0] ?? Number.NaN
  })
}
