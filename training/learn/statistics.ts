// What scales numbers: mean and deviation, and quantiles.

/** Values greater than this are counted in units of the greatest, so that their squares stay finite. */
const PLAIN_MAX = 1e100

/** Mean and standard deviation of the values; 0 and 0 where there are none. */
export function momentsOf(values: readonly number[]): { mean: number; deviation: number } {
  if (values.length === 0) return { mean: 0, deviation: 0 }
  const greatest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  if (greatest > PLAIN_MAX) {
    const { mean, deviation } = momentsOf(values.map((value) => value / greatest))
    return { mean: mean * greatest, deviation: deviation * greatest }
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  // What is left of a constant after rounding must not be blown up.
  const deviation = Math.sqrt(variance)
  return { mean, deviation: deviation > 1e-9 * (1 + Math.abs(mean)) ? deviation : 0 }
}

/** Rising, distinct quantiles of the values that cut them into at most `intervals` parts. */
export function quantileBoundaries(values: readonly number[], intervals: number): number[] {
  const sorted = values.toSorted((a, b) => a - b)
  if (sorted.length === 0) return []
  const cuts = Array.from({ length: intervals + 1 }, (_, cut) => {
    const place = Math.round((cut / intervals) * (sorted.length - 1))
    return sorted[place] ?? 0
  })
  const distinct = [...new Set(cuts)]
  return distinct.length < 2 ? [] : distinct
}
