// Steps of Adam: gradients of a loss on a batch, applied to all parameters, and their running average.
import * as tf from '@tensorflow/tfjs'
import type { ExampleSet } from '../examples/example-set.ts'
import { createParameterAverage } from '../graph/parameter-average.ts'
import type { ParameterAverage } from '../graph/parameter-average.ts'
import type { TfOps } from '../graph/tf-ops.ts'

export interface StepperRequest {
  /** Its parameters have all been made. */
  readonly tfOps: TfOps
  readonly settings: { readonly learningRate: number; readonly averageDecayMax: number }
  readonly lossOf: (batch: ExampleSet) => tf.Scalar
}

export interface Stepper {
  /** What is judged and kept. */
  readonly average: ParameterAverage
  /** One step on a batch: gradients, Adam, the running average. Gives the loss before the step. */
  takeStep(batch: ExampleSet): number
  /** The parameters too. */
  dispose(): void
}

export function createStepper({ tfOps, settings, lossOf }: StepperRequest): Stepper {
  const { parameters } = tfOps
  const average = createParameterAverage(parameters, { decayMax: settings.averageDecayMax })
  const optimiser: tf.Optimizer = tf.train.adam(settings.learningRate)
  return {
    average,
    takeStep(batch) {
      tfOps.setTraining(true)
      const loss = tf.tidy(() => {
        const { value, grads } = tf.variableGrads(() => lossOf(batch))
        optimiser.applyGradients(grads)
        return value.dataSync()[0] ?? Number.NaN
      })
      tfOps.setTraining(false)
      average.update()
      return loss
    },
    dispose() {
      optimiser.dispose()
      average.dispose()
      parameters.dispose()
    },
  }
}
