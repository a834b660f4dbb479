// A running average of the parameters over the steps of training. What is judged and kept is the
// average: it varies less than the parameters themselves and fits later data better (Polyak and
// Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992).
import * as tf from '@tensorflow/tfjs'
import type { ParameterValues } from './parameters.ts'
import { snapshotOf } from './tf-ops.ts'
import type { TfParameters } from './tf-ops.ts'

export interface ParameterAverage {
  /** By parameter, so that a model can be run on the averages as they are. */
  readonly variables: Map<string, tf.Variable>
  /** Takes in the parameters as they are now. */
  update(): void
  /** Copies of all averages. */
  snapshot(): ParameterValues
  dispose(): void
}

/**
 * Starts from the parameters as they are. After s steps an average looks back on the last ninth of them
 * or so, in which the start counts for nothing, until it keeps `decayMax` a step.
 */
export function createParameterAverage(
  { variables }: TfParameters,
  { decayMax }: { readonly decayMax: number },
): ParameterAverage {
  const averages = new Map([...variables].map(([name, variable]) => [name, tf.variable(variable, false)]))
  let steps = 0
  return {
    variables: averages,
    update() {
      const decay = Math.min(decayMax, (1 + steps) / (10 + steps))
      steps += 1
      for (const [name, average] of averages) {
        const variable = variables.get(name)
        if (variable === undefined) throw new Error(`No parameter '${name}'`)
        tf.tidy(() => average.assign(tf.add(tf.mul(average, decay), tf.mul(variable, 1 - decay))))
      }
    },
    snapshot: () => snapshotOf(averages),
    dispose: () => tf.dispose([...averages.values()]),
  }
}
