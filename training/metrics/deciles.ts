// Whether expected amounts add up to what came, from small predictions to large ones.

/** What came of a tenth of the examples, by rising prediction. */
export interface Decile {
  readonly examples: number
  /** Sums. */
  readonly predicted: number
  readonly actual: number
  /** null where nothing came. */
  readonly predictedOverActual: number | null
}

const DECILES = 10

/** Tenths by rising prediction; of fewer than ten examples, as many parts. */
export function decilesOf(predicted: Float64Array, actual: Float32Array): Decile[] {
  const order = [...predicted.keys()].toSorted((a, b) => (predicted[a] ?? 0) - (predicted[b] ?? 0))
  return Array.from({ length: DECILES }, (_, decile) => {
    const rows = order.slice(
      Math.floor((decile * order.length) / DECILES),
      Math.floor(((decile + 1) * order.length) / DECILES),
    )
    const [foretold, came] = [predicted, actual].map((values) =>
      rows.reduce((sum, row) => sum + (values[row] ?? 0), 0),
    )
    return {
      examples: rows.length,
      predicted: foretold ?? 0,
      actual: came ?? 0,
      predictedOverActual: came === undefined || came === 0 ? null : (foretold ?? 0) / came,
    }
  }).filter(({ examples }) => examples > 0)
}
