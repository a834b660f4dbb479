// How well scores order the examples: ROC AUC, average precision, gain. Ties count half, or as one step. What
// is sorted once is tallied under any weights of the examples.

/** Examples in the order of their scores. A place is where an example stands in it, a step all of one score. */
export interface Ranking {
  /** The row of each place, by rising score. */
  readonly rows: Int32Array
  /** 1 where it came true, of each place. */
  readonly positive: Uint8Array
  /** The place after the last of each step. */
  readonly ends: Int32Array
  /** The score of each step. */
  readonly scores: Float64Array
}

/** Sorts n examples by score; NaN is no score. */
export function rankingOf(scores: Float64Array, isPositive: (row: number) => boolean): Ranking {
  const rows = Int32Array.from(scores, (_, row) => row)
  rows.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b)
  const ends: number[] = []
  for (let place = 1; place <= rows.length; place += 1) {
    if (place === rows.length || scores[rows[place] ?? 0] !== scores[rows[place - 1] ?? 0]) ends.push(place)
  }
  return {
    rows,
    positive: Uint8Array.from(rows, (row) => (isPositive(row) ? 1 : 0)),
    ends: Int32Array.from(ends),
    scores: Float64Array.from(ends, (end) => scores[rows[end - 1] ?? 0] ?? 0),
  }
}

/** How much weighs what lies on each step. */
export interface Tally {
  readonly scores: Float64Array
  readonly all: Float64Array
  /** Of that, what came true. */
  readonly came: Float64Array
  /** Sums over the steps. */
  readonly total: number
  readonly positives: number
}

/** Room for the tallies of a ranking: one is overwritten by the next. */
export function createTally({ rows, positive, ends, scores }: Ranking): (weights: Float64Array) => Tally {
  const [all, came] = [new Float64Array(ends.length), new Float64Array(ends.length)]
  return (weights) => {
    let [total, positives, place] = [0, 0, 0]
    for (let step = 0; step < ends.length; step += 1) {
      const end = ends[step] ?? 0
      let [here, hits] = [0, 0]
      for (; place < end; place += 1) {
        const weight = weights[rows[place] ?? 0] ?? 0
        here += weight
        hits += weight * (positive[place] ?? 0)
      }
      all[step] = here
      came[step] = hits
      total += here
      positives += hits
    }
    return { scores, all, came, total, positives }
  }
}

/** ROC AUC of one class against the rest; null unless both occur. Mann–Whitney with mid-ranks. */
export function rocAucOf({ all, came, total, positives }: Tally): number | null {
  const negatives = total - positives
  if (!(positives > 0) || !(negatives > 0)) return null
  let [area, below] = [0, 0]
  for (let step = 0; step < all.length; step += 1) {
    const hits = came[step] ?? 0
    const other = (all[step] ?? 0) - hits
    area += hits * (below + other / 2)
    below += other
  }
  return area / (positives * negatives)
}

/** Σ (recall step × precision there), as scikit-learn has it; null without positives. */
export function averagePrecisionOf({ all, came, positives }: Tally): number | null {
  if (!(positives > 0)) return null
  let [hits, taken, sum] = [0, 0, 0]
  for (let step = all.length - 1; step >= 0; step -= 1) {
    const here = came[step] ?? 0
    hits += here
    taken += all[step] ?? 0
    if (here > 0) sum += here * (hits / taken)
  }
  return sum / positives
}

/**
 * Of what came true, the share that lies among the highest scores, for shares of the examples that rise; of
 * examples of one score each counts in part. null without positives.
 */
export function gainsAt(
  { all, came, total, positives }: Tally,
  shares: readonly number[],
): readonly number[] | null {
  if (!(positives > 0)) return null
  const gains: number[] = []
  let [hits, taken] = [0, 0]
  for (let step = all.length - 1; step >= 0 && gains.length < shares.length; step -= 1) {
    const here = all[step] ?? 0
    for (;;) {
      const wanted = (shares[gains.length] ?? Infinity) * total
      if (here === 0 || wanted > taken + here) break
      gains.push((hits + ((came[step] ?? 0) * (wanted - taken)) / here) / positives)
    }
    hits += came[step] ?? 0
    taken += here
  }
  // What rounding left beyond the last example.
  return shares.map((_, at) => gains[at] ?? 1)
}

/** Weights at a threshold and above, and in all. */
export interface Cut {
  readonly hits: number
  readonly taken: number
  readonly positives: number
  readonly total: number
}

/** What lies at this threshold or above. */
export function cutAt({ scores, all, came, positives, total }: Tally, threshold: number): Cut {
  let [hits, taken] = [0, 0]
  for (let step = all.length - 1; step >= 0 && (scores[step] ?? 0) >= threshold; step -= 1) {
    hits += came[step] ?? 0
    taken += all[step] ?? 0
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
  return rocAucOf(tallied(ranked))
}

/** Average precision of examples that are not sorted yet. */
export function averagePrecision(ranked: Ranked): number | null {
  return averagePrecisionOf(tallied(ranked))
}

function tallied({ scores, positive, weights }: Ranked): Tally {
  const ranking = rankingOf(Float64Array.from(scores), (row) => positive[row] === true)
  return createTally(ranking)(Float64Array.from(scores, (_, row) => weights?.[row] ?? 1))
}
