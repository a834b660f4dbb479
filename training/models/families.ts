// The families by name, from the plainest to the richest.
import { auto } from './auto.ts'
import type { Family } from './family.ts'
import { ngrams } from './ngrams.ts'
import { pooled } from './pooled.ts'
import { prior } from './prior.ts'
import { softmax } from './softmax.ts'
import { tabular } from './tabular.ts'
import { transformer } from './transformer.ts'
import { trees } from './trees.ts'
import { withTextScores } from './with-text-scores.ts'

/** Those that are a model function which Adam trains. */
export const gradientFamilies = [softmax, tabular, pooled, transformer] as const
export const families: readonly Family[] = [
  prior,
  ...[ngrams, ...gradientFamilies, trees, auto].map(withTextScores),
]
export const familyByName: Readonly<Record<string, Family>> = Object.fromEntries(
  families.map((family) => [family.name, family]),
)
