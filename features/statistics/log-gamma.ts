// The logarithm of the gamma function, for probabilities of counts.

// Lanczos' approximation with g = 7 and nine terms.
const G = 7
const TERMS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/** ln Γ(x) for x > 0, right to about 14 digits. */
export function logGamma(x: number): number {
  const t = x + G - 0.5
  const sum = TERMS.reduce((total, term, place) => total + (place === 0 ? term : term / (x - 1 + place)), 0)
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}

const KEPT = 4_096
const logFactorials = Float64Array.from({ length: KEPT }, (_, n) => logGamma(n + 1))

/** ln n! of a whole n ≥ 0. */
export function logFactorial(n: number): number {
  return n < KEPT ? (logFactorials[n] ?? 0) : logGamma(n + 1)
}
