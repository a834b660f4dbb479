// Outputs of a model, as TensorFlow.js computes them, a chunk of examples at a time.
import * as tf from '@tensorflow/tfjs'
import { inputSpecs } from '../../features/encode.ts'
import { headWidth } from '../../features/heads/kinds.ts'
import { chunksOf } from '../examples/example-set.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import type { Ops } from '../graph/ops.ts'
import type { ModelShape, Outputs } from '../models/family.ts'
import type { Build } from '../models/model.ts'

export interface RunnableModel {
  readonly ops: Ops<tf.Tensor>
  readonly build: Build
  readonly shape: ModelShape
}

/** Examples at a time where nothing is learned. */
const ROWS = 1024

/** Of these tasks, by task, row-major [n, headWidth]. */
export function predictOutputs(
  { ops, build, shape, tasks }: RunnableModel & { readonly tasks: readonly string[] },
  examples: ExampleSet,
): Outputs {
  const columns = shape.heads
    .filter(({ task }) => tasks.includes(task))
    .map((head) => {
      const width = headWidth(head)
      return { task: head.task, width, values: new Float32Array(examples.count * width) }
    })
  let from = 0
  for (const chunk of chunksOf(examples, ROWS)) {
    tf.tidy(() => {
      const logits = build(ops, tensorsOf(shape, chunk), shape)
      for (const { task, width, values } of columns) {
        values.set(logits[task]?.dataSync<'float32'>() ?? [], from * width)
      }
    })
    from += chunk.count
  }
  return Object.fromEntries(columns.map(({ task, values }) => [task, values]))
}

/** The inputs that the examples have as tensors, [B, ...shape]. */
export function tensorsOf({ features }: ModelShape, examples: ExampleSet): Record<string, tf.Tensor> {
  return Object.fromEntries(
    inputSpecs(features).flatMap(({ name, type, shape }) => {
      const values = examples.inputs[name]
      return values === undefined ? [] : [[name, tf.tensor(values, [examples.count, ...shape], type)]]
    }),
  )
}
