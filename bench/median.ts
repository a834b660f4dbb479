// The middle of measurements.

/** The median; NaN of nothing. */
export function median(measured: readonly number[]): number {
  return measured.toSorted((left, right) => left - right)[Math.floor(measured.length / 2)] ?? Number.NaN
}
