// How much each of several models counts in the answer to a task: weights that sum to 1, chosen on validation by
// taking one model after another into the mix, each time the one that helps most (Caruana et al., "Ensemble
// selection from libraries of models", 2004). Few, for each costs time to serve, and none without gain.
import type { Head } from '../../features/heads/head.ts'
import { meanLoss } from '../graph/loss.ts'
import { mixOutputs } from './mix.ts'

/** Weights are multiples of one over this. */
const STEPS = 20
/** A mix must lower the loss of the best model alone by this share, or that one answers. */
const GAIN_MIN = 0.001
/** A model that counts less is left out. */
const WEIGHT_MIN = 0.1

/** By model, in the order of the outputs. The best alone where no target is known. */
export function chooseWeights(
  head: Head,
  { outputs, targets }: { readonly outputs: readonly Float32Array[]; readonly targets: Float32Array },
): number[] {
  const lossOf = (weights: readonly number[]): number => {
    const parts = outputs.flatMap((output, index) => {
      const weight = weights[index] ?? 0
      return weight > 0 ? [{ output, weight }] : []
    })
    return meanLoss(head, { output: mixOutputs(head, parts), targets }) ?? 0
  }
  if (outputs.length === 1) return [1]
  const alone = outputs.map((_, index): number[] => outputs.map((__, other) => Number(other === index)))
  const best = leastBy(alone, lossOf)
  const bestLoss = lossOf(best)
  let counts = best
  let loss = bestLoss
  for (let step = 1; step < STEPS; step += 1) {
    const wider = outputs.map((_, index) => counts.map((count, other) => count + (other === index ? 1 : 0)))
    const next = leastBy(wider, (one) => lossOf(normalised(one)))
    const found = lossOf(normalised(next))
    if (found > loss) break
    ;[counts, loss] = [next, found]
  }
  const mixed = normalised(normalised(counts).map((weight) => (weight < WEIGHT_MIN ? 0 : weight)))
  return lossOf(mixed) < (1 - GAIN_MIN) * bestLoss ? mixed : best
}

function normalised(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count) => count / total)
}

/** The first of those whose value is least. */
function leastBy<Value>(values: readonly Value[], valueOf: (value: Value) => number): Value {
  const found = values.map((value) => ({ value, own: valueOf(value) }))
  const [first, ...others] = found
  if (first === undefined) throw new Error('Expected models to choose from, got none')
  return others.reduce((least, one) => (one.own < least.own ? one : least), first).value
}
