// prior: what happened in training, how often, whoever is asked about. The baseline; nothing is learned.
import { inputSpecs } from '../../features/encode.ts'
import { exportOnnx } from '../onnx/export.ts'
import type { Family, Fitted, ModelShape, Outputs } from './family.ts'
import { requireInput } from './model.ts'
import type { Build } from './model.ts'
import { priorColumn, priorOutputs } from './prior-outputs.ts'

// B = batch

const build: Build = (ops, inputs, { features, heads }) => {
  const [spec] = inputSpecs(features)
  if (spec === undefined) throw new Error('A model needs one input at the least')
  const input = requireInput(inputs, spec.name)
  // Any input tells how many answers are wanted; times zero it tells no more than that.
  const counted = spec.shape.reduce(
    (sum) => ops.sum(sum, 1),
    spec.type === 'int32' ? ops.isPresent(input) : input,
  ) // [B]
  const zero = ops.reshape(ops.mul(counted, ops.constant([0], [1])), [-1, 1]) // [B, 1]
  return Object.fromEntries(
    heads.map((head) => {
      const outputs = priorOutputs(head)
      return [head.task, ops.add(zero, ops.constant(outputs, [1, outputs.length]))]
    }),
  )
}

export const prior: Family = {
  name: 'prior',
  keepsMonotone: true,
  settings: {},
  fit: ({ shape }) => Promise.resolve(fittedTo(shape)),
}

function fittedTo(shape: ModelShape): Fitted {
  const tasks = shape.heads.map(({ task }) => task)
  return {
    stoppedAt: { epochs: Object.fromEntries(tasks.map((task) => [task, 0])) },
    logits: ({ count }): Promise<Outputs> => {
      const columns = shape.heads.map((head) => [head.task, priorColumn(head, count)])
      return Promise.resolve(Object.fromEntries(columns))
    },
    export: () => exportOnnx(shape, [{ build, parameters: new Map(), tasks }]),
    describe: () => ({ parameters: 0, steps: 0, endings: [], backend: 'none', settings: {} }),
    dispose: () => {},
  }
}
