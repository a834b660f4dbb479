// Parts of the moments that a better mean could hide harm to: newcomers, one country, one device.
import { categoryIdCount } from '../../features/categories.ts'
import type { Features } from '../../features/manifest.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import type { PairedTask } from './paired-losses.ts'
import type { Place } from './worse.ts'

/** A slice of fewer users tells nothing. */
const USERS_MIN = 200
/** Of a category the most frequent values, as its vocabulary has them. */
const VALUES_MAX = 12

interface Slice {
  readonly name: string
  readonly has: (row: number) => boolean
}

/**
 * The slices of a task with enough users: first moments, what made the moment, and each frequent value of each
 * category that the features know.
 */
export function slicesOf(
  paired: PairedTask,
  { examples, features }: { readonly examples: ExampleSet; readonly features: Features },
): Place[] {
  const slices: readonly Slice[] = [
    { name: 'first moments', has: (row) => examples.isFirst[row] === 1 },
    { name: 'after events', has: (row) => examples.from[row] === 'event' },
    { name: 'by the clock', has: (row) => examples.from[row] === 'clock' },
    ...categorySlices(features, examples),
  ]
  return slices.flatMap(({ name, has }) => {
    const places = [...paired.rows.keys()].filter((place) => has(paired.rows[place] ?? -1))
    if (places.length === paired.rows.length) return []
    const users = new Set(places.map((place) => paired.userIds[place]))
    return users.size < USERS_MIN ? [] : [{ task: paired.task, slice: name, places }]
  })
}

function categorySlices({ categories }: Features, examples: ExampleSet): Slice[] {
  const ids = examples.inputs['categories'] ?? new Int32Array(0)
  return categories.flatMap((category, column) => {
    const firstId = categoryIdCount(categories.slice(0, column))
    const names = ['missing', 'unknown', ...category.values.slice(0, VALUES_MAX)]
    return names.map((name, id) => ({
      name: `${category.origin === 'recent' ? '' : `${category.origin}.`}${category.name} = ${name}`,
      has: (row: number) => ids[row * categories.length + column] === firstId + id,
    }))
  })
}
