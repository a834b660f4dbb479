// Sizes of features that are chosen, not learned.
export const FEATURE_SIZES = {
  sequenceLength: 32,
  /** Lines are counted beside moments where so great a share of them shares its moment with the one before. */
  sharedLinesMin: 0.01,
  /** Counted in users: what is known of a few alone is learned by heart and helps no one else. */
  items: { countMin: 5, sizeMax: 20_000 },
  /**
   * Likewise. All categories of a project share `sizeMax` by what they need (share-vocabulary.ts): at the widest
   * that any family embeds them this is 5 MB, as much as the items take.
   */
  categories: { countMin: 5, sizeMax: 20_000 },
  numberIntervals: 16,
  textBuckets: 4_096,
  textWordsMax: 64,
  /** So many numbers of a vector are read; of a longer one those along its principal axes. */
  vectorNumbers: 128,
  /** A vector's axes and scales are learned from a sample of so many. */
  vectorsMax: 4_000,
  /**
   * Of all texts of a project together: how many n-grams of each kind are kept, in how many documents one must be,
   * how many documents of a text are counted, and how many different n-grams of a text are encoded.
   */
  ngrams: {
    words: 8_192,
    pairs: 20_480,
    pieces: 4_096,
    countMin: 3,
    documentsMax: 30_000,
    placesMax: 256,
  },
  recentTypes: 3,
  /** Numbers of a history are scaled by a sample of so many moments of the train part. */
  momentsMax: 20_000,
  /** Numbers of an attribute by a sample of so many values. */
  valuesMax: 100_000,
  /** The hour and the weekday count where the train part has seen as many days or weeks. */
  cyclesMin: 3,
} as const
