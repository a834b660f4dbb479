// What is known beside the sequence: numbers, categories and words, as one vector an example.
import { categoryIdCount } from '../../features/categories.ts'
import { inputSpecs } from '../../features/encode.ts'
import type { Features } from '../../features/manifest.ts'
import { wordIdCount } from '../../features/text.ts'
import type { Ops } from '../graph/ops.ts'
import { requireInput } from './model.ts'
import type { Inputs } from './model.ts'

// B = batch, N = numbers, C = categories, X = texts, W = words of a text, E = embedding width

export interface StaticVector<T> {
  readonly vector: T // [B, width]
  readonly width: number
}

export interface StaticWidths {
  /** E of each category. */
  readonly categoryWidth: number
  /** E of each text. */
  readonly textWidth: number
}

/** Numbers as they are, an embedding of each category, the mean embedding of each text's words. */
export function staticVector<T>(
  ops: Ops<T>,
  inputs: Inputs<T>,
  { features, widths }: { readonly features: Features; readonly widths: StaticWidths },
): StaticVector<T> | undefined {
  const parts: StaticVector<T>[] = []
  for (const { name, shape } of inputSpecs(features)) {
    const [first = 0, second = 0] = shape
    if (name === 'numbers') parts.push({ vector: requireInput(inputs, name), width: first })
    if (name === 'categories') {
      const table = ops.parameter('categories', {
        shape: [categoryIdCount(features.categories), widths.categoryWidth],
        initial: { kind: 'normal', deviation: 0.1 },
      })
      const embedded = ops.gather(table, requireInput(inputs, name)) // [B, C, E]
      const width = first * widths.categoryWidth
      parts.push({ vector: ops.reshape(embedded, [-1, width]), width })
    }
    if (name === 'words') {
      const table = ops.parameter('words', {
        shape: [wordIdCount(features.texts), widths.textWidth],
        initial: { kind: 'normal', deviation: 0.1 },
      })
      const ids = requireInput(inputs, name) // [B, X, W]
      const mean = presentMean(ops, ops.gather(table, ids), { ids, shape: [first, second] }) // [B, X, E]
      const width = first * widths.textWidth
      parts.push({ vector: ops.reshape(mean, [-1, width]), width })
    }
  }
  const width = parts.reduce((sum, part) => sum + part.width, 0)
  const [only, ...others] = parts
  if (only === undefined) return undefined
  if (others.length === 0) return only
  return {
    vector: ops.concat(
      parts.map((part) => part.vector),
      1,
    ),
    width,
  }
}

/** Mean of embeddings [B, ...shape, E] over the last axis of shape, where ids [B, ...shape] are not 0. */
export function presentMean<T>(
  ops: Ops<T>,
  embedded: T,
  { ids, shape }: { readonly ids: T; readonly shape: readonly number[] },
): T {
  const axis = shape.length
  const mask = ops.reshape(ops.isPresent(ids), [-1, ...shape, 1]) // [B, ...shape, 1]
  const sum = ops.sum(ops.mul(embedded, mask), axis)
  // An epsilon instead of a maximum: where nothing is present the sum is 0 as well.
  const count = ops.add(ops.sum(mask, axis), ops.constant([1e-6], [1]))
  return ops.div(sum, count)
}
