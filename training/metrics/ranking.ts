// How well scores order the examples: ROC AUC, average precision, gain. Ties count half, or as one step. What
// is sorted once is measured under any weights of the examples.

/** Examples in the order of their scores. A place is where an example stands in it. */
export interface Ranking {
  /** The row of each place, by rising score. */
  readonly rows: Int32Array
  /** The score of each place. */
  readonly scores: Float64Array
  /** 1 where it came true, of each place. */
  readonly positive: Uint8Array
  /** Of each score that differs, the place after its last. */
  readonly ends: Int32Array
}

/** Sorts n examples by score; NaN is no score. */
export function rankingOf(scores: Float64Array, isPositive: (row: number) => boolean): Ranking {
  const rows = Int32Array.from(scores, (_, row) => row)
  rows.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b)
  const sorted = Float64Array.from(rows, (row) => scores[row] ?? 0)
  const ends: number[] = []
  for (let place = 1; place <= sorted.length; place += 1) {
    if (place === sorted.length || sorted[place] !== sorted[place - 1]) ends.push(place)
  }
  const positive = Uint8Array.from(rows, (row) => (isPositive(row) ? 1 : 0))
  return { rows, scores: sorted, positive, ends: Int32Array.from(ends) }
}

/** The weights of the places, for those of the rows; written into `into` where it is given. */
export function weightsByPlace(
  { rows }: Ranking,
  weights: Float64Array,
  into: Float64Array = new Float64Array(rows.length),
): Float64Array {
  for (let place = 0; place < rows.length; place += 1) into[place] = weights[rows[place] ?? 0] ?? 0
  return into
}

/** ROC AUC of one class against the rest; null unless both occur. Mann–Whitney with mid-ranks. */
export function rocAucOf({ positive, ends }: Ranking, byPlace: Float64Array): number | null {
  let [area, below, positives] = [0, 0, 0]
  let place = 0
  for (const end of ends) {
    let [came, other] = [0, 0]
    for (; place < end; place += 1) {
      const weight = byPlace[place] ?? 0
      if (positive[place] === 1) came += weight
      else other += weight
    }
    area += came * (below + other / 2)
    below += other
    positives += came
  }
  return positives === 0 || below === 0 ? null : area / (positives * below)
}

/** Σ (recall step × precision there), as scikit-learn has it; null without positives. */
export function averagePrecisionOf({ positive, ends }: Ranking, byPlace: Float64Array): number | null {
  let [hits, taken, sum] = [0, 0, 0]
  for (let group = ends.length - 1; group >= 0; group -= 1) {
    let came = 0
    for (let place = ends[group - 1] ?? 0; place < (ends[group] ?? 0); place += 1) {
      const weight = byPlace[place] ?? 0
      taken += weight
      if (positive[place] === 1) came += weight
    }
    hits += came
    if (came > 0) sum += came * (hits / taken)
  }
  return hits === 0 ? null : sum / hits
}

/**
 * Of what came true, the share that lies among the highest scores, for shares of the examples that rise; of
 * examples of one score each counts in part. null without positives.
 */
export function gainsAt(
  { positive, ends }: Ranking,
  { byPlace, shares }: { readonly byPlace: Float64Array; readonly shares: readonly number[] },
): number[] | null {
  let [total, positives] = [0, 0]
  for (let place = 0; place < byPlace.length; place += 1) {
    total += byPlace[place] ?? 0
    if (positive[place] === 1) positives += byPlace[place] ?? 0
  }
  if (positives === 0) return null
  const gains: number[] = []
  let [hits, taken] = [0, 0]
  for (let group = ends.length - 1; group >= 0 && gains.length < shares.length; group -= 1) {
    let [came, here] = [0, 0]
    for (let place = ends[group - 1] ?? 0; place < (ends[group] ?? 0); place += 1) {
      const weight = byPlace[place] ?? 0
      here += weight
      if (positive[place] === 1) came += weight
    }
    for (;;) {
      const wanted = (shares[gains.length] ?? Infinity) * total
      if (here === 0 || wanted > taken + here) break
      gains.push((hits + (came * (wanted - taken)) / here) / positives)
    }
    hits += came
    taken += here
  }
  // What rounding left beyond the last example.
  return shares.map((_, at) => gains[at] ?? 1)
}

/** Weights above a threshold, the threshold itself counted in, and in all. */
export interface Cut {
  readonly hits: number
  readonly taken: number
  readonly positives: number
  readonly total: number
}

/** What lies at this threshold or above. */
export function cutAt(
  { positive, scores }: Ranking,
  { byPlace, threshold }: { readonly byPlace: Float64Array; readonly threshold: number },
): Cut {
  let [hits, taken, positives, total] = [0, 0, 0, 0]
  for (let place = 0; place < byPlace.length; place += 1) {
    const weight = byPlace[place] ?? 0
    const isTaken = (scores[place] ?? 0) >= threshold
    total += weight
    if (isTaken) taken += weight
    if (positive[place] !== 1) continue
    positives += weight
    if (isTaken) hits += weight
  }
  return { hits, taken, positives, total }
}

/** Scores, whether they came true, and how much an example weighs: 1 unless told. */
export interface Ranked {
  readonly scores: ArrayLike<number>
  readonly positive: ArrayLike<boolean>
  readonly weights?: ArrayLike<number>
}

/** ROC AUC of examples that are not sorted yet. */
export function rocAuc(ranked: Ranked): number | null {
  return rocAucOf(...sortedOf(ranked))
}

/** Average precision of examples that are not sorted yet. */
export function averagePrecision(ranked: Ranked): number | null {
  return averagePrecisionOf(...sortedOf(ranked))
}

function sortedOf({ scores, positive, weights }: Ranked): [Ranking, Float64Array] {
  const ranking = rankingOf(Float64Array.from(scores), (row) => positive[row] === true)
  const ofRows = Float64Array.from(scores, (_, row) => weights?.[row] ?? 1)
  return [ranking, weightsByPlace(ranking, ofRows)]
}
