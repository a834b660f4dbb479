// Fitting: mini-batches of examples, Adam, and stopping when validation gets no better. Judged is the
// running average of the parameters; the one that was best on validation is kept. Seeded: same data, same
// seed, same backend, same numbers.
import * as tf from '@tensorflow/tfjs'
import { inputSpecs } from '../features/encode.ts'
import { headWidth } from '../features/manifest.ts'
import { createRandom, shuffle } from '../features/random.ts'
import type { Outputs } from './evaluate.ts'
import { classWeights } from './examples/heads.ts'
import { chunksOf, selectExamples } from './examples/example-set.ts'
import type { ExampleSet } from './examples/example-set.ts'
import { lossOf } from './graph/loss.ts'
import { createTfOps } from './graph/tf-ops.ts'
import type { TfOps } from './graph/tf-ops.ts'
import { createParameterAverage } from './graph/parameter-average.ts'
import type { ParameterAverage } from './graph/parameter-average.ts'
import type { ParameterValues } from './graph/parameters.ts'
import type { Family, ModelShape } from './models/family.ts'
import { silent } from './monitor.ts'
import type { Monitor, TrackedWork } from './monitor.ts'

export const FIT_DEFAULTS = {
  batchSize: 256,
  epochsMax: 30,
  /** So many epochs without a better validation loss end the training. */
  patience: 3,
} as const

export interface Epoch {
  readonly epoch: number
  /** Mean loss over the batches, as they were when trained on. */
  readonly trainLoss: number
  readonly validationLoss: number
}

export interface FitRequest {
  readonly family: Family
  readonly shape: ModelShape
  readonly train: ExampleSet
  readonly validation: ExampleSet
  readonly seed: number
  readonly epochsMax?: number
  readonly monitor?: Monitor
}

export interface Fit {
  readonly parameters: ParameterValues
  readonly epochs: readonly Epoch[]
  /** Logits of any examples, as TensorFlow.js computes them. */
  predict(examples: ExampleSet): Outputs
  dispose(): void
}

/** Trains a family on examples; a family that learns nothing by gradient is only set up. */
export function fit(request: FitRequest): Fit {
  const { family, shape, train, validation, seed, monitor = silent } = request
  const learner = createLearner({ family, shape, seed, example: selectExamples(validation, [0]) })
  const { world, optimiser, average } = learner
  const epochs: Epoch[] = []
  const random = createRandom(seed).fork('batches')
  let best = { epoch: 0, parameters: world.parameters.snapshot(), loss: lossOn(learner, validation) }
  const epochsMax = family.learningRate === 0 ? 0 : (request.epochsMax ?? FIT_DEFAULTS.epochsMax)
  for (let epoch = 1; epoch <= Math.min(epochsMax, best.epoch + FIT_DEFAULTS.patience); epoch += 1) {
    const order = shuffle([...Array(train.count).keys()], random)
    const work = monitor.track({ label: `epoch ${epoch}`, total: train.count, unit: 'examples' })
    const trainLoss = trainEpoch(learner, { train, order, work })
    const [latest, averaged] = [world.parameters.snapshot(), average.snapshot()]
    world.parameters.restore(averaged)
    const validationLoss = lossOn(learner, validation)
    world.parameters.restore(latest)
    epochs.push({ epoch, trainLoss, validationLoss })
    work.done(`loss ${trainLoss.toFixed(4)}, on validation ${validationLoss.toFixed(4)}`)
    if (validationLoss < best.loss) best = { epoch, parameters: averaged, loss: validationLoss }
  }
  optimiser.dispose()
  average.dispose()
  world.parameters.restore(best.parameters)
  return {
    parameters: best.parameters,
    epochs,
    predict: (examples) => predictLogits(learner, examples),
    dispose: () => world.parameters.dispose(),
  }
}

interface Model {
  readonly world: TfOps
  readonly family: Family
  readonly shape: ModelShape
}

/** A model and what changes its parameters. */
export interface Learner extends Model {
  readonly optimiser: tf.Optimizer
  readonly average: ParameterAverage
}

/** Starts from the seed; an example, for the parameters are made by the first call of the model. */
export function createLearner(request: {
  readonly family: Family
  readonly shape: ModelShape
  readonly seed: number
  readonly example: ExampleSet
}): Learner {
  const { family, shape, seed, example } = request
  const world = createTfOps({ seed })
  predictLogits({ world, family, shape }, example)
  const average = createParameterAverage(world.parameters)
  return { world, family, shape, average, optimiser: tf.train.adam(family.learningRate) }
}

/** One step on a batch: gradients, Adam, the running average. Gives the loss before the step. */
export function takeStep({ world, family, shape, optimiser, average }: Learner, batch: ExampleSet): number {
  world.setTraining(true)
  const loss = tf.tidy(() => {
    const inputs = tensorsOf(shape, batch)
    const { value, grads } = tf.variableGrads(() =>
      lossOf({
        heads: shape.heads,
        classWeights: weightsOf(shape),
        logits: family.build(world.ops, inputs, shape),
        targets: batch.targets,
      }),
    )
    optimiser.applyGradients(grads)
    return value.dataSync()[0] ?? Number.NaN
  })
  world.setTraining(false)
  average.update()
  return loss
}

interface EpochRequest {
  readonly train: ExampleSet
  readonly order: readonly number[]
  readonly work: TrackedWork
}

/** One pass over the examples in this order; gives the mean loss of the batches. */
function trainEpoch(learner: Learner, { train, order, work }: EpochRequest): number {
  let total = 0
  let batches = 0
  for (let from = 0; from < order.length; from += FIT_DEFAULTS.batchSize) {
    const batch = selectExamples(train, order.slice(from, from + FIT_DEFAULTS.batchSize))
    total += takeStep(learner, batch)
    batches += 1
    work.advance(batch.count)
  }
  return total / batches
}

/** Examples at a time where nothing is learned. */
const PREDICT_ROWS = 1024

function lossOn({ world, family, shape }: Model, examples: ExampleSet): number {
  const weights = weightsOf(shape)
  const total = chunksOf(examples, PREDICT_ROWS).reduce((sum, chunk) => {
    const loss = tf.tidy(
      () =>
        lossOf({
          heads: shape.heads,
          classWeights: weights,
          logits: family.build(world.ops, tensorsOf(shape, chunk), shape),
          targets: chunk.targets,
        }).dataSync()[0] ?? Number.NaN,
    )
    return sum + loss * chunk.count
  }, 0)
  return total / examples.count
}

function predictLogits({ world, family, shape }: Model, examples: ExampleSet): Outputs {
  const outputs = Object.fromEntries(
    shape.heads.map((head) => [head.task, new Float32Array(examples.count * headWidth(head))]),
  )
  let from = 0
  for (const chunk of chunksOf(examples, PREDICT_ROWS)) {
    tf.tidy(() => {
      const logits = family.build(world.ops, tensorsOf(shape, chunk), shape)
      for (const head of shape.heads) {
        const values = logits[head.task]?.dataSync<'float32'>() ?? []
        outputs[head.task]?.set(values, from * headWidth(head))
      }
    })
    from += chunk.count
  }
  return outputs
}

function tensorsOf({ features }: ModelShape, examples: ExampleSet): Record<string, tf.Tensor> {
  return Object.fromEntries(
    inputSpecs(features).map(({ name, type, shape }) => [
      name,
      tf.tensor(examples.inputs[name] ?? [], [examples.count, ...shape], type),
    ]),
  )
}

function weightsOf({ heads }: ModelShape): Record<string, number[]> {
  return Object.fromEntries(heads.map((head) => [head.task, classWeights(head)]))
}
