// Mean and spread of repeated measurements, as tables show them.

/** Mean ± standard deviation with so many digits; a dash of nothing. */
export function meanAndSpread(measured: readonly (number | null)[], digits: number): string {
  const numbers = measured.filter((value) => value !== null)
  if (numbers.length === 0) return '–'
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length
  const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length
  return `${mean.toFixed(digits)} ± ${Math.sqrt(variance).toFixed(digits)}`
}
