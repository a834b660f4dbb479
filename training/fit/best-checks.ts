// Which of the checks of a training were the best so far, for all tasks together and for each; and when
// one was last better by more than a hair.
import type { ParameterValues } from '../graph/parameters.ts'
import { meanOf } from './judge.ts'
import type { Losses } from './judge.ts'

/** What was found at one moment of training. */
export interface Check {
  readonly steps: number
  readonly epochs: number
  readonly losses: Losses
}

/** A check and the parameters as they were. */
export interface KeptCheck extends Check {
  readonly parameters: ParameterValues
}

export interface BestChecks {
  /** Copies the parameters if the check is the best in anything. */
  consider(check: Check, snapshot: () => ParameterValues): void
  /** Steps at the last check that was better by more than a hair in anything. */
  betterAtSteps(): number
  /** The best for all tasks together first; then those that are best for one. */
  kept(): KeptCheck[]
}

/** Of the prior's loss: where next to nothing is left, less is not worth more steps. */
const BETTER_MIN = 0.002

interface Best {
  readonly lossOf: (losses: Losses) => number | undefined
  check?: KeptCheck
  /** The loss that must be undercut clearly to count as better. */
  mark: number
}

export function createBestChecks(
  tasks: readonly string[],
  { betterShare }: { readonly betterShare: number },
): BestChecks {
  const bests: Best[] = [
    { lossOf: meanOf, mark: Number.MAX_VALUE },
    ...tasks.map((task) => ({ lossOf: (losses: Losses) => losses[task], mark: Number.MAX_VALUE })),
  ]
  let betterAtSteps = 0
  return {
    consider(check, snapshot) {
      let kept: KeptCheck | undefined
      for (const best of bests) {
        const loss = best.lossOf(check.losses)
        if (loss === undefined) continue
        const lowest = best.check === undefined ? Infinity : (best.lossOf(best.check.losses) ?? Infinity)
        if (loss < lowest) best.check = kept ??= { ...check, parameters: snapshot() }
        if (loss < best.mark - Math.max(betterShare * best.mark, BETTER_MIN)) {
          best.mark = loss
          betterAtSteps = check.steps
        }
      }
    },
    betterAtSteps: () => betterAtSteps,
    kept: () => [...new Set(bests.flatMap(({ check }) => (check === undefined ? [] : [check])))],
  }
}
