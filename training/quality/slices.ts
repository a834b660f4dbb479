// Parts of the moments that a better mean could hide harm to: newcomers, short histories, one country, one device.
import { categoryIdCount } from '../../features/categories.ts'
import type { Features } from '../../features/manifest.ts'
import type { ExampleSet } from '../examples/example-set.ts'

/** Of a category the most frequent values, as its vocabulary has them. */
const VALUES_MAX = 12

export interface Slice {
  /** 'first moments', 'user.plan = basic'. */
  readonly name: string
  /** Whether it holds the example in this row. */
  readonly has: (row: number) => boolean
}

export interface Sliced {
  readonly examples: Pick<ExampleSet, 'inputs' | 'isFirst' | 'from'>
  readonly features: Features
}

/** What made the moment, and each frequent value of each category that the features know. */
export function slicesOf({ examples, features }: Sliced): Slice[] {
  return [
    { name: 'first moments', has: (row) => examples.isFirst[row] === 1 },
    { name: 'after events', has: (row) => examples.from[row] === 'event' },
    { name: 'by the clock', has: (row) => examples.from[row] === 'clock' },
    ...categorySlices({ examples, features }),
  ]
}

/** How many events are known of the user; none of these in a table. */
export function historySlices({ examples, features }: Sliced): Slice[] {
  const length = features.sequenceLength
  if (length === 0) return []
  const types = examples.inputs['types'] ?? new Int32Array(0)
  const eventsAt = (row: number): number => {
    let count = 0
    for (let place = 0; place < length; place += 1) count += types[row * length + place] === 0 ? 0 : 1
    return count
  }
  return [
    { name: 'history of 0 events', has: (row) => eventsAt(row) === 0 },
    { name: 'history of 1–5 events', has: (row) => eventsAt(row) >= 1 && eventsAt(row) <= 5 },
    { name: 'history of 6 events or more', has: (row) => eventsAt(row) >= 6 },
  ]
}

function categorySlices({ examples, features: { categories } }: Sliced): Slice[] {
  const ids = examples.inputs['categories'] ?? new Int32Array(0)
  return categories.flatMap((category, column) => {
    const firstId = categoryIdCount(categories.slice(0, column))
    const names = ['missing', 'unknown', ...category.values.slice(0, VALUES_MAX)]
    return names.map((name, id) => ({
      name: `${calledOf(category)} = ${name}`,
      has: (row: number) => ids[row * categories.length + column] === firstId + id,
    }))
  })
}

/** Of the types of the latest events what a person would say: features count them from 1. */
const LATEST: Readonly<Record<string, string>> = {
  recent1: 'latest event',
  recent2: 'event before the latest',
  recent3: 'third latest event',
}

function calledOf({ origin, name }: Features['categories'][number]): string {
  return origin === 'recent' ? (LATEST[name] ?? name) : `${origin}.${name}`
}
