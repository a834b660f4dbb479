// A metric is a function of how much each example weighs. So one definition serves all examples, a slice of
// them (others weigh nothing), all users alike, and the samples that the bootstrap draws.

/** Metrics by name, for the weights of n examples. */
export type Measure = (weights: Float64Array) => Measured

/** null where the examples define none, as AUC of a single class. */
export type Measured = Readonly<Record<string, number | null>>
