// From logits to probabilities: undo the class weights of training, move the base rates, divide by a
// temperature (Guo et al., "On Calibration of Modern Neural Networks", 2017), softmax.
import type { Calibration } from './head.ts'

/** Probabilities of the classes, which sum to 1. */
export function probabilitiesOf(logits: ArrayLike<number>, { temperature, bias }: Calibration): number[] {
  const scaled = Array.from(logits, (logit, index) => (logit + (bias[index] ?? 0)) / temperature)
  const highest = Math.max(...scaled)
  const weights = scaled.map((logit) => Math.exp(logit - highest))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}
