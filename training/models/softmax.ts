// softmax: multinomial logistic regression over the encoded features. The plain reference: no hidden
// layer, no sequence but for the types of the latest events, which are categories.
import { categoryIdCount } from '../../features/categories.ts'
import { inputSpecs } from '../../features/encode.ts'
import { wordIdCount } from '../../features/text.ts'
import { trainingDefaults } from '../fit/settings.ts'
import { createGradientFamily } from './gradient-family.ts'
import { logitCount, splitHeads } from './linear-heads.ts'
import { requireInput } from './model.ts'
import { priorOutputs } from './prior-outputs.ts'
import { byFactors } from './search-space.ts'
import { presentMean } from './static-features.ts'

// B = batch, N = numbers, C = categories, X = texts, W = words of a text, L = logits of all heads

export const softmax = createGradientFamily({
  name: 'softmax',
  settings: { ...trainingDefaults, learningRate: 0.01 },
  space: { learningRate: byFactors({ from: 0.001, to: 0.1 }) },
  faster: 'wasm',
  build(ops, inputs, { features, heads }) {
    const count = logitCount(heads)
    const zeros = { kind: 'zeros' } as const
    const bias = { shape: [count], initial: { kind: 'values', values: heads.flatMap(priorOutputs) } } as const
    const parts = inputSpecs(features).flatMap(({ name, shape }) => {
      const [first = 0, second = 0] = shape
      switch (name) {
        case 'numbers': {
          const weight = ops.parameter('numbers', { shape: [first, count], initial: zeros })
          return [ops.linear(requireInput(inputs, name), weight)] // [B, L]
        }
        case 'categories': {
          // A row of weights a value is a linear layer over one-hot categories.
          const shapeOfTable = [categoryIdCount(features.categories), count]
          const table = ops.parameter('categories', { shape: shapeOfTable, initial: zeros })
          return [ops.sum(ops.gather(table, requireInput(inputs, name)), 1)] // [B, C, L] to [B, L]
        }
        case 'words': {
          const table = ops.parameter('words', {
            shape: [wordIdCount(features.texts), count],
            initial: zeros,
          })
          const ids = requireInput(inputs, name) // [B, X, W]
          const mean = presentMean(ops, ops.gather(table, ids), { ids, shape: [first, second] }) // [B, X, L]
          return [ops.sum(mean, 1)] // [B, L]
        }
        default:
          return []
      }
    })
    const logits = parts.reduce((sum, part) => ops.add(sum, part), ops.parameter('bias', bias))
    return splitHeads(ops, logits, heads)
  },
})
