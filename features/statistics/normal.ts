// The standard normal distribution: probabilities and quantiles.

const SERIES_UNTIL = 6
const ROOT_TWO_PI = Math.sqrt(2 * Math.PI)

/** The probability of a value up to x; below 1e-15 off the truth near 0, relative in the lower tail. */
export function normalBelow(x: number): number {
  if (Number.isNaN(x)) return Number.NaN
  if (x > SERIES_UNTIL) return 1 - lowerTail(x)
  if (x < -SERIES_UNTIL) return lowerTail(-x)
  // Marsaglia, "Evaluating the Normal Distribution", 2004: ½ + φ(x) (x + x³/3 + x⁵/(3·5) + …).
  let [sum, term] = [x, x]
  for (let odd = 3; Math.abs(term) > 1e-18 * Math.abs(sum); odd += 2) {
    term *= (x * x) / odd
    sum += term
  }
  const below = 0.5 + density(x) * sum
  return x < -3 ? lowerTail(-x) : below
}

/** The value below which this share lies; infinite at 0 and 1. */
export function normalQuantile(share: number): number {
  if (!(share > 0)) return share === 0 ? Number.NEGATIVE_INFINITY : Number.NaN
  if (!(share < 1)) return share === 1 ? Infinity : Number.NaN
  if (share > 0.5) return -normalQuantile(1 - share)
  // A start that is right to a hundredth (Abramowitz and Stegun 26.2.23), then Newton's steps.
  const t = Math.sqrt(-2 * Math.log(share))
  let x =
    (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
  for (let step = 0; step < 4; step += 1) x -= (normalBelow(x) - share) / density(x)
  return x
}

function density(x: number): number {
  return Math.exp((-x * x) / 2) / ROOT_TWO_PI
}

/** Beyond x > 0: φ(x) / (x + 1/(x + 2/(x + 3/(x + …)))), Laplace's continued fraction. */
function lowerTail(x: number): number {
  let fraction = x
  for (let depth = 100; depth >= 1; depth -= 1) fraction = x + depth / fraction
  return density(x) / fraction
}
