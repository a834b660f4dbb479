// Shapes and random inputs for the tests of model families.
import type { Head } from '../../../features/heads/head.ts'
import { headWidth } from '../../../features/heads/kinds.ts'
import type { Features } from '../../../features/manifest.ts'
import { nextEvent, occurs, total } from '../../../features/project.ts'
import { inputSpecs } from '../../../features/encode.ts'
import { categoryIdCount, vocabularyIdCount } from '../../../features/categories.ts'
import { GAP_ID_COUNT } from '../../../features/sequence.ts'
import { wordIdCount } from '../../../features/text.ts'
import { createRandom } from '../../../features/random.ts'
import type { ModelShape } from '../../../training/models/family.ts'
import { buildFeatures } from '../../features/generated.ts'

const heads: Head[] = [
  {
    kind: 'probability',
    task: 'buys',
    declaration: occurs('purchase', { withinDays: 7 }),
    basis: 'model',
    classes: ['no', 'yes'],
    prior: [0.97, 0.03],
    newcomerPrior: [0.99, 0.01],
    temperature: 1,
    bias: [0, -1.6],
  },
  {
    kind: 'choice',
    task: 'next',
    declaration: nextEvent({ withinDays: 7 }),
    basis: 'model',
    classes: ['a', 'b', 'c'],
    prior: [0.2, 0.5, 0.3],
    newcomerPrior: [0.2, 0.5, 0.3],
    temperature: 1,
    bias: [0, 0, 0],
  },
  {
    kind: 'amount',
    task: 'spend',
    declaration: total('purchase', { withinDays: 28 }),
    basis: 'model',
    prior: [12],
    newcomerPrior: [3],
    link: 'softplus',
    scale: 12,
    factor: 1,
  },
  {
    kind: 'amount',
    task: 'balance',
    declaration: total('purchase', { withinDays: 28 }),
    basis: 'model',
    prior: [-4],
    newcomerPrior: [0],
    link: 'identity',
    scale: 10,
    factor: 1,
  },
]

/** A project with a history, one that is a table, and one whose table holds nothing but text. */
export const shapes: Readonly<Record<string, ModelShape>> = {
  log: { features: buildFeatures(), heads },
  table: { features: tableFeatures({ texts: [] }), heads: heads.slice(0, 1) },
  text: { features: tableFeatures({ attributeNumbers: [], categories: [] }), heads: heads.slice(0, 2) },
}

/** Random rows; in the first one nothing at all is known. */
export function randomInputs(
  { features }: ModelShape,
  rows: number,
): Record<string, Float32Array | Int32Array> {
  const random = createRandom(5)
  return Object.fromEntries(
    inputSpecs(features).map(({ name, type, shape }) => {
      const width = shape.reduce((size, length) => size * length, 1)
      const bound = idBound(features, name)
      const values = Array.from({ length: rows * width }, (_, place) => {
        if (place < width) return 0
        return type === 'int32' ? random.integer(bound) : random.normal()
      })
      return [name, type === 'int32' ? Int32Array.from(values) : Float32Array.from(values)]
    }),
  )
}

/** Random targets, a quarter of them unknown. */
export function randomTargets({ heads: declared }: ModelShape, rows: number): Record<string, Float32Array> {
  const random = createRandom(6)
  return Object.fromEntries(
    declared.map((head) => [
      head.task,
      Float32Array.from({ length: rows }, () => {
        if (random.next() < 0.25) return Number.NaN
        return head.kind === 'amount' ? random.exponential(0.1) : random.integer(headWidth(head))
      }),
    ]),
  )
}

function tableFeatures(overrides: Partial<Features>): Features {
  return buildFeatures({
    sequenceLength: 0,
    historyNumbers: [],
    itemCategories: [],
    items: [],
    categories: [{ name: 'plan', origin: 'user', values: ['free', 'paid'] }],
    attributeNumbers: [{ name: 'age', origin: 'user', mean: 40, deviation: 12, boundaries: [18, 30, 45] }],
    texts: [{ name: 'about', origin: 'user', buckets: 32, wordsMax: 4 }],
    ...overrides,
  })
}

function idBound(features: Features, input: string): number {
  switch (input) {
    case 'types':
      return vocabularyIdCount(features.eventTypes.length)
    case 'items':
      return vocabularyIdCount(features.items.length)
    case 'gaps':
      return GAP_ID_COUNT
    case 'itemCategories':
      return categoryIdCount(features.itemCategories)
    case 'categories':
      return categoryIdCount(features.categories)
    default:
      return wordIdCount(features.texts)
  }
}
