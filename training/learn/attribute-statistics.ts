// What is learned of attributes: which values a category has, how numbers are spread, which axes vectors have.
import type { Attributes } from '../../features/attributes.ts'
import type { AttributeNumber, AttributeOrigin, VectorFeature } from '../../features/manifest.ts'
import type { Attribute } from '../../features/project.ts'
import type { Random } from '../../features/random.ts'
import { spellCategory } from '../../features/spelling.ts'
import { countValue } from './count-values.ts'
import { FEATURE_SIZES } from './feature-sizes.ts'
import { learnVector } from './learn-vector.ts'
import { createReservoir } from './reservoir.ts'
import { momentsOf, quantileBoundaries } from './statistics.ts'

export interface CountedCategory {
  readonly name: string
  readonly counts: ReadonlyMap<string, number>
}

export interface AttributeStatistics {
  /** Whatever was known of one user: a value counts once. */
  countValues(ofUser: readonly Attributes[]): void
  /** One more observation of the numbers and vectors. */
  seeNumbers(attributes: Attributes): void
  /** How many users know each value of each category. */
  readonly categories: readonly CountedCategory[]
  numbers(origin: AttributeOrigin): AttributeNumber[]
  vectors(origin: AttributeOrigin): VectorFeature[]
}

/** Counts the values of categories and samples numbers and vectors, of these attributes. */
export function createAttributeStatistics(
  declared: Readonly<Record<string, Attribute>>,
  random: Random,
): AttributeStatistics {
  const namesOf = (kind: Attribute['kind']): string[] =>
    Object.keys(declared).filter((name) => declared[name]?.kind === kind)
  const categories = namesOf('category').map((name) => ({ name, counts: new Map<string, number>() }))
  const numbers = namesOf('number').map((name) => ({
    name,
    sample: createReservoir<number>(FEATURE_SIZES.valuesMax, random.fork(name)),
  }))
  const vectors = Object.entries(declared).flatMap(([name, attribute]) =>
    attribute.kind !== 'vector'
      ? []
      : [
          {
            name,
            length: attribute.length,
            sample: createReservoir<string>(FEATURE_SIZES.vectorsMax, random.fork(name)),
          },
        ],
  )
  return {
    countValues(ofUser) {
      for (const { name, counts } of categories) {
        const values = new Set<string>()
        for (const { [name]: value } of ofUser) if (isPresent(value)) values.add(spellCategory(value))
        for (const value of values) countValue(counts, value)
      }
    },
    seeNumbers(attributes) {
      for (const { name, sample } of numbers) {
        const value = attributes[name]
        if (typeof value === 'number') sample.offer(() => value)
      }
      for (const { name, sample } of vectors) {
        const value = attributes[name]
        if (typeof value === 'string') sample.offer(() => value)
      }
    },
    categories,
    numbers: (origin) =>
      numbers.map(({ name, sample }) => ({
        name,
        origin,
        ...momentsOf(sample.kept),
        boundaries: quantileBoundaries(sample.kept, FEATURE_SIZES.numberIntervals),
      })),
    vectors: (origin) =>
      vectors.map(({ name, length, sample }) => ({
        name,
        origin,
        length,
        ...learnVector(sample.kept, { length, random: random.fork(`${name}/axes`) }),
      })),
  }
}

function isPresent(value: Attributes[string] | undefined): value is string | number {
  return value !== null && value !== undefined && String(value).trim() !== ''
}
