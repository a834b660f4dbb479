// From logits to probabilities: undo the class weights of training, move the base rates, divide by a
// temperature (Guo et al., "On Calibration of Modern Neural Networks", 2017), softmax; of a yes or no then by
// the curve, where there is one.
import { bend } from './curve-kinds.ts'
import type { Calibration } from './head.ts'

/** Probabilities of the classes, which sum to 1. */
export function probabilitiesOf(
  logits: ArrayLike<number>,
  { temperature, bias, curve }: Calibration,
): number[] {
  const scaled = Array.from(logits, (logit, index) => (logit + (bias[index] ?? 0)) / temperature)
  if (curve === undefined) return softmax(scaled)
  const [no = 0, yes = 0] = scaled
  return softmax([0, bend(curve, yes - no)])
}

function softmax(scaled: readonly number[]): number[] {
  const highest = Math.max(...scaled)
  const weights = scaled.map((logit) => Math.exp(logit - highest))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}
