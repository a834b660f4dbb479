// Choosing which names get an id of their own. Names seen too seldom read as unknown, which teaches
// the model what an unknown name looks like.

export interface VocabularyLimits {
  /** A name seen less often reads as unknown. */
  readonly countMin: number
  readonly sizeMax: number
}

/**
 * The names to keep, by falling count; those of one count in the order in which they were first counted,
 * so that how a name is spelt moves nothing.
 */
export function chooseVocabulary(counts: ReadonlyMap<string, number>, limits: VocabularyLimits): string[] {
  return [...counts]
    .filter(([, count]) => count >= limits.countMin)
    .toSorted(([, countA], [, countB]) => countB - countA)
    .slice(0, limits.sizeMax)
    .map(([name]) => name)
}
