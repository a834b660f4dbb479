// Choosing which names get an id of their own. Names seen too seldom read as unknown, which teaches
// the model what an unknown name looks like.

export interface VocabularyLimits {
  /** A name seen less often reads as unknown. */
  readonly countMin: number
  readonly sizeMax: number
}

/** The names to keep, by falling count and then by name, so that the same counts give the same order. */
export function chooseVocabulary(counts: ReadonlyMap<string, number>, limits: VocabularyLimits): string[] {
  return [...counts]
    .filter(([, count]) => count >= limits.countMin)
    .toSorted(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, limits.sizeMax)
    .map(([name]) => name)
}
