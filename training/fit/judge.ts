// Judging parameters on validation: the loss of each task without weights of training, over its prior's.
import type * as tf from '@tensorflow/tfjs'
import type { Head } from '../../features/heads/head.ts'
import { createRandom, shuffle } from '../../features/random.ts'
import { selectExamples } from '../examples/example-set.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import { meanLoss } from '../graph/loss.ts'
import type { Ops } from '../graph/ops.ts'
import type { ModelShape } from '../models/family.ts'
import type { Build } from '../models/model.ts'
import { priorColumn } from '../models/prior-outputs.ts'
import { predictOutputs } from './predict.ts'

/** By task, those that have known targets: the loss over the prior's on the same examples. */
export type Losses = Readonly<Record<string, number>>
export type Judge = (ops: Ops<tf.Tensor>) => Losses

/** Judges these heads on these examples. */
export function createJudge(request: {
  readonly build: Build
  readonly shape: ModelShape
  readonly heads: readonly Head[]
  readonly examples: ExampleSet
}): Judge {
  const { build, shape, heads, examples } = request
  const judged = heads.flatMap((head) => {
    const targets = examples.targets[head.task] ?? new Float32Array(0)
    const priorLoss = meanLoss(head, { output: priorColumn(head, targets.length), targets })
    return priorLoss === undefined ? [] : [{ head, targets, priorLoss: Math.max(priorLoss, 1e-9) }]
  })
  const tasks = judged.map(({ head }) => head.task)
  return (ops) => {
    const outputs = predictOutputs({ ops, build, shape, tasks }, examples)
    return Object.fromEntries(
      judged.map(({ head, targets, priorLoss }) => {
        const output = outputs[head.task] ?? new Float32Array(0)
        return [head.task, (meanLoss(head, { output, targets }) ?? Number.NaN) / priorLoss]
      }),
    )
  }
}

/** The mean over the tasks; 1 where there are none. */
export function meanOf(losses: Losses): number {
  const values = Object.values(losses)
  return values.length === 0 ? 1 : values.reduce((sum, loss) => sum + loss, 0) / values.length
}

/** At most so many of the examples, drawn by the seed. */
export function drawExamples(
  examples: ExampleSet,
  { countMax, seed }: { readonly countMax: number; readonly seed: number },
): ExampleSet {
  if (examples.count <= countMax) return examples
  const rows = shuffle([...Array(examples.count).keys()], createRandom(seed).fork('checks'))
  return selectExamples(examples, rows.slice(0, countMax))
}
