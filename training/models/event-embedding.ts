// An event as a vector: the sum of embeddings of its type, its item, the item's categories and the time
// that followed it, or whatever the gaps are that are given.
import { categoryIdCount, vocabularyIdCount } from '../../features/categories.ts'
import type { Features } from '../../features/manifest.ts'
import { GAP_ID_COUNT } from '../../features/sequence.ts'
import type { Ops } from '../graph/ops.ts'
import { requireInput } from './model.ts'
import type { Inputs } from './model.ts'

// B = batch, T = sequence length, K = item categories, D = width

/** [B, T, D] */
export function embedEvents<T>(
  ops: Ops<T>,
  inputs: Inputs<T>,
  { features, width }: { readonly features: Features; readonly width: number },
): T {
  const embed = (name: string, count: number): T => {
    const table = ops.parameter(`events/${name}`, {
      shape: [count, width],
      initial: { kind: 'normal', deviation: 0.1 },
    })
    return ops.gather(table, requireInput(inputs, name))
  }
  const parts = [
    embed('types', vocabularyIdCount(features.eventTypes.length)), // [B, T, D]
    embed('gaps', GAP_ID_COUNT), // [B, T, D]
  ]
  if (features.items.length > 0) parts.push(embed('items', vocabularyIdCount(features.items.length)))
  if (features.itemCategories.length > 0) {
    const embedded = embed('itemCategories', categoryIdCount(features.itemCategories)) // [B, T, K, D]
    parts.push(ops.sum(embedded, 2)) // [B, T, D]
  }
  return parts.reduce((sum, part) => ops.add(sum, part))
}
