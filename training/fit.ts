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
  const world = createTfOps({ seed })
  const model = { world, family, shape }
  // The first call makes the parameters.
  predictLogits(model, selectExamples(validation, [0]))
  const epochs: Epoch[] = []
  const average = createParameterAverage(world.parameters)
  const optimiser = tf.train.adam(family.learningRate)
  const random = createRandom(seed).fork('batches')
  let best = { epoch: 0, parameters: world.parameters.snapshot(), loss: lossOn(model, validation) }
  const epochsMax = family.learningRate === 0 ? 0 : (request.epochsMax ?? FIT_DEFAULTS.epochsMax)
  for (let epoch = 1; epoch <= Math.min(epochsMax, best.epoch + FIT_DEFAULTS.patience); epoch += 1) {
    const order = shuffle([...Array(train.count).keys()], random)
    const work = monitor.track({ label: `epoch ${epoch}`, total: train.count, unit: 'examples' })
    const trainLoss = trainEpoch(model, { train, order, optimiser, average, work })
    const [latest, averaged] = [world.parameters.snapshot(), average.snapshot()]
    world.parameters.restore(averaged)
    const validationLoss = lossOn(model, validation)
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
    predict: (examples) => predictLogits(model, examples),
    dispose: () => world.parameters.dispose(),
  }
}

interface Model {
  readonly world: TfOps
  readonly family: Family
  readonly shape: ModelShape
}

interface EpochRequest {
  readonly train: ExampleSet
  readonly order: readonly number[]
  readonly optimiser: tf.Optimizer
  readonly average: ParameterAverage
  readonly work: TrackedWork
}

/** One pass over the examples in this order; gives the mean loss of the batches. */
function trainEpoch({ world, family, shape }: Model, request: EpochRequest): number {
  const { train, order, optimiser, average, work } = request
  const weights = weightsOf(shape)
  let total = 0
  let batches = 0
  world.setTraining(true)
  for (let from = 0; from < order.length; from += FIT_DEFAULTS.batchSize) {
    const batch = selectExamples(train, order.slice(from, from + FIT_DEFAULTS.batchSize))
    total += tf.tidy(() => {
      const inputs = tensorsOf(shape, batch)
      const { value, grads } = tf.variableGrads(() =>
        lossOf({
          heads: shape.heads,
          classWeights: weights,
          logits: family.build(world.ops, inputs, shape),
          targets: batch.targets,
        }),
      )
      optimiser.applyGradients(grads)
      return value.dataSync()[0] ?? Number.NaN
    })
    average.update()
    batches += 1
    work.advance(batch.count)
  }
  world.setTraining(false)
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
