// Categories as ids. Every feature owns a run of ids in one joint space: missing, unknown, its values.
import type { CategoryFeature } from './manifest.ts'
import { spellCategory } from './spelling.ts'

const MISSING = 0
const UNKNOWN = 1
/** The id of a feature's first value, after those of missing and unknown. */
export const FIRST_VALUE = 2

/** Turns a value of the i-th feature into its id in the joint space. */
export type CategoryEncoder = (index: number, value: string | number | null | undefined) => number

/** How many ids the features take together. */
export function categoryIdCount(features: readonly CategoryFeature[]): number {
  return features.reduce((count, feature) => count + feature.values.length + FIRST_VALUE, 0)
}

/** Prepares the look-up of category ids, however a value is spelt. */
export function createCategoryEncoder(features: readonly CategoryFeature[]): CategoryEncoder {
  let offset = 0
  const runs = features.map((feature) => {
    const run = { offset, idByValue: createSpeltLookup(feature.values) }
    offset += feature.values.length + FIRST_VALUE
    return run
  })
  return (index, value) => {
    const run = runs[index]
    if (run === undefined) throw new Error(`No category feature ${index}: there are ${runs.length}`)
    if (value === null || value === undefined) return run.offset + MISSING
    const known = run.idByValue.get(String(value))
    if (known !== undefined) return run.offset + known
    const spelt = spellCategory(value)
    return run.offset + (spelt === '' ? MISSING : (run.idByValue.get(spelt) ?? UNKNOWN))
  }
}

/** As they stand and as they are spelt: a vocabulary may be older than the spelling. The first of two counts. */
function createSpeltLookup(values: readonly string[]): ReadonlyMap<string, number> {
  const ids = createIdLookup(values)
  const spelt = [...ids].toReversed().map(([value, id]) => [spellCategory(value), id] as const)
  return new Map([...spelt, ...ids])
}

/** Ids of a vocabulary: 2 + index. What it lacks is for the caller to read as missing or unknown. */
export function createIdLookup(values: readonly string[]): ReadonlyMap<string, number> {
  return new Map(values.map((value, index) => [value, FIRST_VALUE + index]))
}

/** The id of a name in a vocabulary: 0 where there is none, 1 where the vocabulary lacks it. */
export function vocabularyId(idByName: ReadonlyMap<string, number>, name: string | undefined): number {
  if (name === undefined) return MISSING
  return idByName.get(name) ?? UNKNOWN
}

/** How many ids a vocabulary of this size takes. */
export function vocabularyIdCount(size: number): number {
  return size + FIRST_VALUE
}
